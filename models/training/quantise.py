"""Static int8 quantisation of the exported graph, as QuantizeLinear/DequantizeLinear pairs (QDQ).

Weights: int8 per output channel, symmetric. Activations: uint8 per tensor, with ranges measured on training pictures.
The 1x1 convolutions that give boxes and scores, and everything after them, stay in float: they cost nothing and a
rounded box is a wrong box. The graph is interpreted here with torch, so no onnxruntime for Python is needed.
"""
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

QUANTISED = ("Conv", "Relu", "Add", "Concat", "Resize")
# Share of the largest values that is cut off when a range is chosen: rare peaks would coarsen every step.
TAIL = 2e-5


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def step(node, values, weights):
    """Evaluates one node of the quantised part."""
    x = [values[n] if n in values else weights.get(n) for n in node.input]
    if node.op_type == "Conv":
        a = attributes(node)
        return torch.nn.functional.conv2d(x[0], x[1], x[2], stride=a["strides"], padding=a["pads"][:2])
    if node.op_type == "Relu":
        return x[0].relu()
    if node.op_type == "Add":
        return x[0] + x[1]
    if node.op_type == "Concat":
        return torch.cat(x, attributes(node)["axis"])
    return torch.nn.functional.interpolate(x[0], scale_factor=2.0, mode="nearest")


def inner_nodes(graph):
    """The nodes between the input's Cast and the head's last 1x1 convolutions, in order, and the Cast."""
    cast = next(n for n in graph.node if n.op_type == "Cast")
    reached, inner = {cast.output[0]}, []
    for node in graph.node:
        if node.op_type in QUANTISED and any(i in reached for i in node.input):
            if node.op_type == "Conv" and "/box." in node.name or "/cls." in node.name:
                continue
            inner.append(node)
            reached.add(node.output[0])
    return cast, inner


@torch.no_grad()
def ranges(model, pictures):
    """{tensor: (low, high)} over `pictures` (uint8 NHWC arrays of the model's input size)."""
    graph = model.graph
    weights = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    cast, inner = inner_nodes(graph)
    found = {}
    for picture in pictures:
        values = {cast.output[0]: torch.from_numpy(picture).permute(0, 3, 1, 2).float()}
        for node in inner:
            y = values[node.output[0]] = step(node, values, weights)
            flat = y.flatten()
            k = max(1, int(flat.numel() * TAIL))
            high, low = float(flat.topk(k).values[-1]), float(flat.topk(k, largest=False).values[-1])
            old = found.get(node.output[0], (0.0, 0.0))
            found[node.output[0]] = (min(old[0], low), max(old[1], high))
    return found


def scale_and_zero(low, high):
    scale = max(high - low, 1e-6) / 255
    return np.float32(scale), np.uint8(np.clip(round(-low / scale), 0, 255))


class Rewriter:
    """Builds the QDQ graph node by node."""

    def __init__(self, model):
        self.graph, self.nodes, self.extra, self.scales = model.graph, [], [], {}
        self.weights = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}

    def constant(self, name, value):
        self.extra.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def pair(self, name, low, high):
        """Q and DQ behind tensor `name`; returns the name to read instead."""
        scale, zero = scale_and_zero(low, high)
        s, z = self.constant(f"{name}_s", scale), self.constant(f"{name}_z", zero)
        self.nodes.append(helper.make_node("QuantizeLinear", [name, s, z], [f"{name}_q"], f"{name}_Q"))
        self.nodes.append(helper.make_node("DequantizeLinear", [f"{name}_q", s, z], [f"{name}_d"], f"{name}_DQ"))
        self.scales[f"{name}_d"] = scale
        return f"{name}_d"

    def conv_inputs(self, node, x):
        """Quantised weights and bias of a convolution that reads the dequantised tensor `x`."""
        w, b = self.weights[node.input[1]], self.weights[node.input[2]]
        scale = np.maximum(np.abs(w).max((1, 2, 3)), 1e-8).astype(np.float32) / 127
        q = np.clip(np.round(w / scale[:, None, None, None]), -127, 127).astype(np.int8)
        bias_scale = (scale * self.scales[x]).astype(np.float32)
        qb = np.clip(np.round(b / bias_scale), -(2**31) + 1, 2**31 - 1).astype(np.int32)
        base = node.output[0]
        for kind, value, s, zero in (("w", q, scale, np.int8(0)), ("b", qb, bias_scale, np.int32(0))):
            names = [self.constant(f"{base}_{kind}", value), self.constant(f"{base}_{kind}s", s)]
            names.append(self.constant(f"{base}_{kind}z", np.full(len(s), zero)))
            self.nodes.append(helper.make_node("DequantizeLinear", names, [f"{base}_{kind}d"], f"{base}_{kind}DQ", axis=0))
        return [x, f"{base}_wd", f"{base}_bd"]


def quantise(model, measured):
    """The QDQ form of `model` (fp32, as export.py writes it) with the ranges of `ranges`."""
    r = Rewriter(model)
    cast, inner = inner_nodes(model.graph)
    inside, read = {id(n) for n in inner}, {}
    by_output = {n.output[0]: n for n in inner}
    consumers = {}
    for node in inner:
        for i in node.input:
            consumers.setdefault(i, []).append(node.op_type)
    for node in model.graph.node:
        if node.output[0] == cast.output[0]:
            # Bytes are already quantised: scale 1, zero 0.
            one, zero = r.constant("image_s", np.float32(1)), r.constant("image_z", np.uint8(0))
            r.nodes.append(helper.make_node("DequantizeLinear", [node.input[0], one, zero], ["image_d"], "image_DQ"))
            r.scales["image_d"] = np.float32(1)
            read[node.output[0]] = "image_d"
            continue
        inputs = [read.get(i, i) for i in node.input]
        if id(node) in inside and node.op_type == "Conv":
            inputs = r.conv_inputs(node, inputs[0])
        r.nodes.append(helper.make_node(node.op_type, inputs, list(node.output), node.name, **attributes(node)))
        out = node.output[0]
        # A tensor that only a ReLU reads is quantised after the ReLU, so that both fuse into the convolution.
        if out in by_output and consumers.get(out) != ["Relu"]:
            low, high = measured[out]
            read[out] = r.pair(out, low, high)
    used = {i for n in r.nodes for i in n.input}
    kept = [t for t in model.graph.initializer if t.name in used]
    graph = helper.make_graph(r.nodes, model.graph.name, model.graph.input, model.graph.output, kept + r.extra)
    out = helper.make_model(graph, opset_imports=model.opset_import, producer_name="xueliang training")
    out.ir_version = model.ir_version
    out.metadata_props.extend(model.metadata_props)
    onnx.checker.check_model(out)
    return out


