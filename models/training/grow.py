"""Carries the weights of a smaller network into a larger one that at first computes the very same.

Old channels keep their weights and hear nothing from new ones; new channels begin at random, so that the first steps
can already use them; a new residual block begins as the identity (its last normalisation multiplies by 0).
"""
import torch

from detector import Detector, Residual, Split
from errors import TrainingError


def old_inputs(name, split_halves, old, new):
    """Places of the old input channels among the new ones; behind a Split both halves have grown."""
    module = name.rsplit(".conv.", 1)[0]
    if module not in split_halves or old == new:
        return torch.arange(old)
    return torch.cat((torch.arange(old // 2), new // 2 + torch.arange(old // 2)))


@torch.no_grad()
def grown(weights, shape):
    """The state of `Detector(**shape)` that answers as the smaller network of `weights` does.

    Raises TrainingError where a layer of the small network is wider than its place in the large one, or missing there.
    """
    net = Detector(**shape)
    halves = {f"{name}.out" for name, module in net.named_modules() if isinstance(module, Split)}
    for name, module in net.named_modules():
        if isinstance(module, Residual) and f"{name}.a.conv.weight" not in weights:
            module.b.bn.weight.zero_()
    state = net.state_dict()
    for name, small in weights.items():
        large = state.get(name)
        if large is None or any(a > b for a, b in zip(small.shape, large.shape)):
            raise TrainingError(f"{name} {list(small.shape)} does not fit into the larger network")
        if small.ndim < 4:
            large[tuple(slice(n) for n in small.shape)] = small
            continue
        places = old_inputs(name, halves, small.shape[1], large.shape[1])
        large[: small.shape[0]] = 0
        large[: small.shape[0], places] = small
    return state
