"""The one thing that stands in for GPUs: the functions of their driver's library."""

# ruff: noqa: N802 - the driver's own names


class FakeDriver:
    """The functions of the driver's library, over two GPUs that process 42 works on."""

    def __init__(self, *, devices=2, tells_processes=True):
        self._devices = devices
        self._tells_processes = tells_processes

    def nvmlInit_v2(self):
        return 0

    def nvmlDeviceGetCount_v2(self, count):
        count._obj.value = self._devices
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index, device):
        device._obj.value = index + 1
        return 0

    def nvmlDeviceGetUtilizationRates(self, device, rates):
        rates._obj.gpu = 30 * device.value
        return 0

    def nvmlDeviceGetMemoryInfo(self, device, memory):
        memory._obj.used, memory._obj.total = 1000, 16 << 30
        return 0

    def nvmlDeviceGetComputeRunningProcesses_v3(self, device, count, processes):
        if not self._tells_processes:
            return 3
        processes[0].pid, processes[0].memory = 42, 300
        processes[1].pid, processes[1].memory = 43, (1 << 64) - 1
        count._obj.value = 2
        return 0

    def nvmlDeviceGetProcessUtilization(self, device, samples, count, since):
        if not self._tells_processes:
            return 3
        new = [sample for sample in ((100, 20), (200, 40)) if sample[0] > since.value]
        for index, (at, percent) in enumerate(new):
            samples[index].pid, samples[index].at, samples[index].percent = 42, at, percent
        count._obj.value = len(new)
        return 0

    def nvmlDeviceGetName(self, device, text, size):
        text.value = b"NVIDIA Fake"
        return 0

    def nvmlDeviceGetUUID(self, device, text, size):
        text.value = b"GPU-%d" % device.value
        return 0
