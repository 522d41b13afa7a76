"""What is said of a cluster, on the command line and on the page alike. Pure."""

from runtime.model import ClusterNode, TargetReport


def node_words(node: ClusterNode) -> str:
    """A machine of a cluster and what it gives to steps.

    >>> node_words(ClusterNode(name="a", address="10.0.0.1", cpus=1, gpus=2))
    'a (10.0.0.1): 1 processor, 2 GPUs'
    """
    offers = [_counted(node.cpus, "processor")]
    if node.memory_bytes:
        offers.append(f"{node.memory_bytes / 2**30:.1f} GiB")
    if node.gpus:
        offers.append(_counted(node.gpus, "GPU"))
    return f"{node.name} ({node.address}): {', '.join(offers)}"


def transport_words(report: TargetReport) -> str:
    """How artifacts reach the machines of a cluster."""
    if report.shares_folder:
        return "a folder that all nodes see"
    return "the object store, for the nodes see no common folder"


def _counted(count: float, what: str) -> str:
    return f"{count:g} {what}" if count == 1 else f"{count:g} {what}s"
