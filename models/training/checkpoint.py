"""Checkpoints that are either whole or not there.

A checkpoint is written beside its final name, flushed to the disk and renamed; it begins with the SHA-256 of what
follows, so a file cut short by a full disk or a copy is refused by name rather than resumed from.
"""
import hashlib
import io
import os

import torch

from errors import TrainingError

MAGIC = b"XUELIANG-CHECKPOINT-1\n"


def save_checkpoint(path, state):
    """Writes `state` (tensors, numbers, text, lists, dicts) to `path` in one step: afterwards it is old or new."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    payload = buffer.getvalue()
    temporary = f"{path}.{os.getpid()}.part"
    with open(temporary, "wb") as file:
        file.write(MAGIC + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def load_checkpoint(path, device="cpu"):
    """Reads a checkpoint; raises TrainingError where the file is missing, foreign, cut short or altered."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise TrainingError(f"the checkpoint {path} cannot be read: {error.strerror}") from None
    if not data.startswith(MAGIC[: max(1, len(data))]):
        raise TrainingError(f"{path} is not a checkpoint of this trainer")
    head = len(MAGIC) + 65
    digest, payload = data[len(MAGIC) : head - 1], data[head:]
    if len(data) < head or hashlib.sha256(payload).hexdigest().encode() != digest:
        raise TrainingError(
            f"the checkpoint {path} is cut short or damaged ({len(data)} bytes, its checksum does not match); "
            "take an older one or start again without --resume"
        )
    # Only plain data is ever stored, so everything else may be refused; torch 1.13 refuses plain numbers too.
    safe = {"weights_only": True} if int(torch.__version__.split(".")[0]) >= 2 else {}
    return torch.load(io.BytesIO(payload), map_location=device, **safe)
