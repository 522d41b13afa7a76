"""What a module's outputs will look like, told before it runs.

A module's function is called with tables without rows, or a rule of its own is asked. Where the
inputs are not known for certain it is asked several times, once for each way they may turn out, and
what all answers agree on is certain. `answering` and `stored` are what the schema worker calls;
`foreseen` is what the authors of rules use.
"""
