"""The back end of matplotlib: plt.show() shows the figures in the notebook."""

from matplotlib.backend_bases import FigureManagerBase, _Backend
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tarn_kernel import show as _show


class FigureManager(FigureManagerBase):
    pass


FigureCanvas = FigureCanvasAgg


@_Backend.export
class _Notebook(_Backend):
    FigureCanvas = FigureCanvasAgg
    FigureManager = FigureManager

    @staticmethod
    def show(*args, **kwargs):
        _show.open_figures()
