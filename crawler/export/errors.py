"""Why a folder is not written to. Each message is one line: the thing and the cure."""


class ExportError(Exception):
    """Nothing was added; what is sealed is untouched."""


class RefusedError(ExportError):
    """The folder is not for this: not ours, another site's, or of another history than the store's."""


class DamagedError(ExportError):
    """The folder is not as it was sealed."""


class BusyError(ExportError):
    """Another export writes to the folder."""


class GapError(ExportError):
    """The store's numbers leave some out."""
