"""The network of the starter model: an anchor-free one-stage detector in plain convolutions.

It is shaped for onnxruntime on one CPU core: dense 3x3 convolutions with channels in multiples of 16 (the block that
its AVX-512 and NEON kernels work in), ReLU that fuses into them, and four output levels so that a fishing rod of two
pixels and a bottle of five still own a cell (stride 4) while a boat across the picture is seen whole (stride 32).
"""
import math

import torch
from torch import nn

LABELS = ("person", "fishing-rod", "boat", "floating-debris", "bird", "umbrella")
STRIDES = (4, 8, 16, 32)
# Largest log(size / stride) that a box may take: e^5.5 * 4 px is wider than any picture the model is shown.
MAX_LOG_SIZE = 5.5


class ConvBn(nn.Module):
    """Convolution, batch normalisation and ReLU; `fuse()` folds the normalisation into the convolution."""

    def __init__(self, c_in, c_out, k=3, s=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, k, s, k // 2, bias=False)
        self.bn = nn.BatchNorm2d(c_out, eps=1e-3, momentum=0.03)
        self.act = nn.ReLU(inplace=True) if act else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))

    def fuse(self):
        """Returns the same function as one convolution with a bias (inference only)."""
        scale = self.bn.weight / torch.sqrt(self.bn.running_var + self.bn.eps)
        conv = nn.Conv2d(
            self.conv.in_channels, self.conv.out_channels, self.conv.kernel_size, self.conv.stride, self.conv.padding
        )
        conv.weight.data = (self.conv.weight * scale[:, None, None, None]).detach()
        conv.bias.data = (self.bn.bias - self.bn.running_mean * scale).detach()
        return nn.Sequential(conv, self.act)


class Residual(nn.Module):
    """Two 3x3 convolutions beside the identity."""

    def __init__(self, c):
        super().__init__()
        self.a = ConvBn(c, c)
        self.b = ConvBn(c, c, act=False)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.act(x + self.b(self.a(x)))


class Split(nn.Module):
    """Half of the channels pass `n` residual blocks, the other half go round them (CSP)."""

    def __init__(self, c, n, hidden=None):
        super().__init__()
        h = hidden or c // 2
        self.left = ConvBn(c, h, 1)
        self.right = ConvBn(c, h, 1)
        self.blocks = nn.Sequential(*[Residual(h) for _ in range(n)])
        self.out = ConvBn(2 * h, c, 1)

    def forward(self, x):
        return self.out(torch.cat((self.blocks(self.left(x)), self.right(x)), 1))


class Detector(nn.Module):
    """Maps pictures [B,3,H,W] in 0..1 (H and W multiples of 32) to raw predictions, one tensor per stride.

    `widths` are the channels at strides 2, 4, 8, 16, 32; `depths` the blocks at strides 4..32; `neck` the channels of
    the heads at strides 4, 8, 16, 32.
    """

    def __init__(self, labels=len(LABELS), widths=(16, 32, 64, 96, 128), depths=(0, 1, 1, 1), neck=(16, 32, 64, 64)):
        super().__init__()
        self.labels, self.strides = labels, STRIDES
        self.stem = ConvBn(3, widths[0], 3, 2)
        self.stages = nn.ModuleList()
        for c_in, c_out, n in zip(widths, widths[1:], depths):
            stage = [ConvBn(c_in, c_out, 3, 2)]
            if n:
                stage.append(Split(c_out, n))
            self.stages.append(nn.Sequential(*stage))
        # Top down: each level hears from the coarser one what the large surroundings are (water, bank, a person).
        self.lateral = nn.ModuleList([ConvBn(w, n, 1) for w, n in zip(widths[1:], neck)])
        self.down = nn.ModuleList([ConvBn(coarse, fine, 1) for fine, coarse in zip(neck, neck[1:])])
        self.mix = nn.ModuleList([ConvBn(n, n, 3) for n in neck])
        self.head = nn.ModuleList([ConvBn(n, n, 3) for n in neck])
        self.box = nn.ModuleList([nn.Conv2d(n, 4, 1) for n in neck])
        self.cls = nn.ModuleList([nn.Conv2d(n, labels, 1) for n in neck])
        self.reset()

    def reset(self):
        """Starting weights: scores near 1 %, boxes of four cells, so that the first assignments make sense."""
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        for box, cls in zip(self.box, self.cls):
            nn.init.normal_(box.weight, std=0.01)
            nn.init.normal_(cls.weight, std=0.01)
            box.bias.data = torch.tensor([0.0, 0.0, math.log(4.0), math.log(4.0)])
            nn.init.constant_(cls.bias, -math.log(99.0))

    def forward(self, x):
        x = self.stem(x)
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        levels = [lateral(m) for lateral, m in zip(self.lateral, maps)]
        for i in range(len(levels) - 2, -1, -1):
            up = nn.functional.interpolate(self.down[i](levels[i + 1]), scale_factor=2.0, mode="nearest")
            levels[i] = self.mix[i](levels[i] + up)
        out = []
        for level, head, box, cls in zip(levels, self.head, self.box, self.cls):
            f = head(level)
            out.append(torch.cat((box(f), cls(f)), 1))
        return out

    def fused(self):
        """A copy for inference without batch normalisation."""
        import copy

        twin = copy.deepcopy(self).eval()
        replace_conv_bn(twin)
        return twin


def replace_conv_bn(module):
    """Replaces every ConvBn below `module` by its fused form, in place."""
    for name, child in module.named_children():
        if isinstance(child, ConvBn):
            setattr(module, name, child.fuse())
        else:
            replace_conv_bn(child)


def grid(h, w, stride, device=None):
    """Cell centres [h*w, 2] in input pixels, row by row."""
    ys, xs = torch.meshgrid(
        torch.arange(h, device=device, dtype=torch.float32), torch.arange(w, device=device, dtype=torch.float32),
        indexing="ij",
    )
    return (torch.stack((xs, ys), -1).reshape(-1, 2) + 0.5) * stride


def flatten(outputs, strides=STRIDES):
    """Raw levels to (boxes cxcywh in pixels [B,N,4], class logits [B,N,C], centres [N,2], stride per cell [N])."""
    boxes, logits, centres, steps = [], [], [], []
    for raw, stride in zip(outputs, strides):
        b, c, h, w = raw.shape
        flat = raw.permute(0, 2, 3, 1).reshape(b, h * w, c).float()
        at = grid(h, w, stride, raw.device)
        size = torch.exp(flat[..., 2:4].clamp(max=MAX_LOG_SIZE)) * stride
        boxes.append(torch.cat((at + flat[..., :2] * stride, size), -1))
        logits.append(flat[..., 4:])
        centres.append(at)
        steps.append(torch.full((h * w,), float(stride), device=raw.device))
    return torch.cat(boxes, 1), torch.cat(logits, 1), torch.cat(centres), torch.cat(steps)


class Deployed(nn.Module):
    """What the box runs: uint8 RGB [1,H,W,3] in, one tensor [1,N,4+C] out: cx, cy, w, h in input pixels, then scores.

    The division by 255 is folded into the first convolution, so the only work before it is a transpose of bytes.
    """

    def __init__(self, detector, height, width):
        super().__init__()
        self.net = detector.fused()
        stem = self.net.stem[0]
        stem.weight.data = stem.weight.data / 255.0
        self.sizes = [(height // s, width // s) for s in STRIDES]
        for i, ((h, w), s) in enumerate(zip(self.sizes, STRIDES)):
            at = grid(h, w, s).t().reshape(1, 2, h * w)
            self.register_buffer(f"at{i}", at)

    def forward(self, image):
        x = image.permute(0, 3, 1, 2).float()
        parts = []
        for i, (raw, stride) in enumerate(zip(self.net(x), STRIDES)):
            flat = raw.reshape(1, 4 + self.net.labels, -1)
            xy = flat[:, 0:2] * stride + getattr(self, f"at{i}")
            wh = torch.exp(flat[:, 2:4].clamp(max=MAX_LOG_SIZE)) * stride
            parts.append(torch.cat((xy, wh, torch.sigmoid(flat[:, 4:])), 1))
        return torch.cat(parts, 2).transpose(1, 2)
