"""The machine room: model, validate, plan, execute, targets, stores.

Imports neither `designer` nor `modules_library`; it is handed what it needs through the
Protocols in `runtime.interfaces`.
"""
