"""The pages that people open; each is registered with NiceGUI once, when the app is built."""

from nicegui import ui

from designer.services.services import Services

__all__ = ["register_pages"]


def register_pages(services: Services) -> None:
    """Register every page."""
    from designer.pages.editor import register_editor
    from designer.pages.environments import register_environments
    from designer.pages.library import register_library
    from designer.pages.module_detail import register_module
    from designer.pages.pipelines import register_pipelines
    from designer.pages.problems import register_problems
    from designer.pages.run_detail import register_run
    from designer.pages.runs import register_runs
    from designer.pages.settings import register_settings
    from designer.pages.shell import HEAD
    from designer.pages.targets import register_targets

    ui.add_head_html(HEAD, shared=True)
    register_editor(services)
    register_pipelines(services)
    register_runs(services)
    register_run(services)
    register_library(services)
    register_module(services)
    register_targets(services)
    register_environments(services)
    register_settings(services)
    register_problems()
