"""Trains the starter model from nothing.

Usage: python3 train.py --data DIR --out DIR [--minutes M | --steps N] [--device auto|cpu|cuda] [--seed S] [--resume]

DIR of --data holds train/ and val/ in COCO form (see README.md). In --out come `last.ckpt` (to go on from), `best.ckpt`
(the best mean AP50 on val so far) and `log.jsonl`. A run that was cut off goes on with --resume, also with another
--steps or --minutes: fewer of them end the schedule sooner, the learning rate still falling to its end.
"""
import argparse
import copy
import itertools
import json
import math
import os
import signal
import time

import torch
from torch.utils.data import DataLoader

from checkpoint import load_checkpoint, save_checkpoint
from coco_set import PictureCache
from detector import LABELS, Detector
from errors import TrainingError, run_command
from grow import grown
from loss import detection_loss
from samples import Windows
from validate import detect_set, table

# The architecture of the shipped model; chosen by latency beside yolox-nano before any training (README.md).
NET = {"widths": [16, 32, 64, 128, 160], "depths": [0, 2, 2, 2], "neck": [32, 48, 64, 96]}
DEPLOYED = (640, 384)
WARM_UP_STEPS = 150
# In the last part of the schedule the samples look like the product's pictures: one piece, and mostly unaltered.
CALM_FROM = 0.75
CALM_CLEAN = 0.6
# Large windows have seeds of their own.
LARGE_SEEDS = 1_000_000
# A step that took longer than this was interrupted (a stopped process, a sleeping machine): the rest does not count.
LONGEST_STEP_S = 20.0


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--also", help="a set of another kind of pictures for one window in ten (photographs.py)")
    p.add_argument("--out", required=True)
    p.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    p.add_argument("--minutes", type=float, help="length of the schedule in minutes of training (default 60)")
    p.add_argument("--steps", type=int, help="length of the schedule in steps; repeats a run exactly on one machine")
    p.add_argument("--seed", type=int, default=20261121)
    p.add_argument("--resume", action="store_true", help="go on from last.ckpt in --out")
    p.add_argument("--start-from", help="begin a new schedule with the weights of this checkpoint")
    p.add_argument("--keep-early", action="store_true", help="leave the first two convolutions as --start-from has them")
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--crop", type=int, nargs=2, default=(320, 320), metavar=("W", "H"))
    p.add_argument("--whole", type=float, default=0.0, help="share of steps on windows as large as the model's input")
    p.add_argument("--rate", type=float, default=5e-3, help="highest learning rate")
    p.add_argument("--clean", type=float, default=0.2, help="share of samples that keep their colours and sharpness")
    p.add_argument("--workers", type=int, default=1, help="processes that prepare pictures")
    p.add_argument("--threads", type=int, help="threads of the arithmetic on a CPU")
    p.add_argument("--half", default="auto", choices=("auto", "on", "off"), help="bfloat16 arithmetic")
    p.add_argument("--cache-gib", type=float, default=4.0, help="memory for decoded pictures")
    p.add_argument("--check-every", type=float, default=8.0, help="minutes between looks at val")
    p.add_argument("--save-every", type=float, default=2.0, help="minutes between checkpoints")
    p.add_argument("--check-pictures", type=int, default=120)
    return p.parse_args()


def choose_device(name):
    if name == "cuda" and not torch.cuda.is_available():
        raise TrainingError("--device cuda was asked for, but torch sees no GPU here")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def wants_half(choice, device):
    """bfloat16 where the hardware has it: twice as fast, and a CPU without it would only be slower."""
    if choice != "auto":
        return choice == "on"
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return "avx512_bf16" in file.read()
    except OSError:
        return False


class Run:
    """One training run: network, its moving average, optimiser, and how far the schedule has come."""

    def __init__(self, options):
        self.options, self.device = options, choose_device(options.device)
        self.half = wants_half(options.half, self.device)
        torch.manual_seed(options.seed)
        self.net = Detector(**NET).to(self.device)
        self.net = self.net.to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).eval()
        if options.keep_early:
            for early in (self.net.stem, self.net.stages[0]):
                early.requires_grad_(False).eval()
        decay = [p for p in self.net.parameters() if p.ndim > 1]
        plain = [p for p in self.net.parameters() if p.ndim <= 1]
        groups = [{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=options.rate)
        self.step, self.seconds, self.best, self.stopped = 0, 0.0, -1.0, False

    def path(self, name):
        return os.path.join(self.options.out, name)

    def state(self):
        return {
            "labels": list(LABELS), "net_shape": NET, "step": self.step, "seconds": self.seconds, "best": self.best,
            "seed": self.options.seed, "net": self.net.state_dict(), "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }

    def take(self, state, everything):
        """Loads weights, also those of a smaller network; with `everything` also the optimiser and the place reached."""
        same = state.get("net_shape") == NET
        if state.get("labels") != list(LABELS) or (everything and not same):
            raise TrainingError("the checkpoint belongs to another network shape or other labels")
        if not everything:
            weights = state["average"] if same else grown(state["average"], NET)
            self.net.load_state_dict(weights)
            self.average.load_state_dict(weights)
            return
        if state["seed"] != self.options.seed:
            raise TrainingError(f"the run to resume has seed {state['seed']}, not {self.options.seed}")
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds, self.best = state["step"], state["seconds"], state["best"]

    def progress(self):
        """0 at the start of the schedule, 1 at its end."""
        if self.options.steps:
            return self.step / self.options.steps
        return self.seconds / (60 * (self.options.minutes or 60))

    def calm(self):
        """Whether the last part of the schedule has begun."""
        return self.progress() >= CALM_FROM

    def rate(self):
        """The learning rate of the next step: up to --rate at the start, then half a cosine down to 2 % of it."""
        fallen = 0.02 + 0.98 * (1 + math.cos(math.pi * min(1, self.progress()))) / 2
        return self.options.rate * min(1, (self.step + 1) / WARM_UP_STEPS) * fallen

    def learn(self, pictures, truth):
        """One step on a batch; returns the parts of the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        x = pictures.to(self.device).permute(0, 3, 1, 2).float().div_(255)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.half):
            outputs = self.net(x.contiguous(memory_format=torch.channels_last))
        loss, parts = detection_loss([o.float() for o in outputs], truth)
        if not torch.isfinite(loss):
            raise TrainingError(f"the loss is not a number at step {self.step}; lower --rate or use --half off")
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 10.0)
        self.optimiser.step()
        self.step += 1
        self.follow()
        return parts

    @torch.no_grad()
    def follow(self):
        """Moves the average towards the network; it forgets quickly at first, over about 1,000 steps later."""
        keep = 0.999 * (1 - math.exp(-self.step / 300))
        for mean, now in zip(self.average.state_dict().values(), self.net.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.mul_(keep).add_(now, alpha=1 - keep)
            else:
                mean.copy_(now)

    def check(self):
        """Scores the average on val, keeps the best, returns the table, or why there is none (val may come late)."""
        val = os.path.join(self.options.data, "val")
        try:
            found = detect_set(self.average, val, DEPLOYED, self.device, self.options.check_pictures)
        except TrainingError as error:
            return str(error)
        rows = table(*found)
        if rows["mean"][1] > self.best:
            self.best = rows["mean"][1]
            save_checkpoint(self.path("best.ckpt"), self.state())
        return {name: round(v[1], 3) for name, v in rows.items()}


def stack(batch):
    pictures, truth = zip(*batch)
    return torch.stack([torch.from_numpy(p) for p in pictures]), [torch.from_numpy(t) for t in truth]


def loader(cache, also, run):
    """Batches from the run's present place on; made anew when the set has grown.

    A share of --whole of them are of windows as large as the model's input, of about as many pixels together: what is longer
    than a small window is only seen whole there.
    """
    o = run.options
    large = max(1, o.batch * o.crop[0] * o.crop[1] // (DEPLOYED[0] * DEPLOYED[1]))
    sizes = ((tuple(o.crop), o.batch, o.seed), (DEPLOYED, large, o.seed + LARGE_SEEDS))
    kinds = [windows_of(size, batch, seed, cache, also, run) for size, batch, seed in sizes]
    return (next(kinds[int((step + 1) * o.whole) - int(step * o.whole)]) for step in itertools.count(run.step))


def windows_of(size, batch, seed, cache, also, run):
    """Batches of windows of one size; nobody prepares any before the first is asked for."""
    o = run.options
    calm = {"clean": max(o.clean, CALM_CLEAN), "mosaic": 0} if run.calm() else {"clean": o.clean}
    windows = Windows(cache, size, seed, also=also, **calm)
    order = itertools.count(run.step * batch)
    yield from DataLoader(
        windows, batch, sampler=order, num_workers=o.workers, collate_fn=stack, worker_init_fn=stay
    )


def stay(_worker):
    """A signal to the whole group leaves the helpers alive: one that died would end the run before it has saved."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)


def note(run, **values):
    line = {"step": run.step, "minutes": round(run.seconds / 60, 2), **values}
    print(json.dumps(line), flush=True)
    with open(run.path("log.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def train(run, cache, also):
    """Trains to the end of the schedule; saves, takes up new pictures and looks at val every few minutes."""
    batches, calm = loader(cache, also, run), run.calm()
    saved, checked, seen = run.seconds, run.seconds, {"cls": 0.0, "box": 0.0}
    while run.progress() < 1:
        if run.stopped:
            save_checkpoint(run.path("last.ckpt"), run.state())
            raise TrainingError(f"stopped at step {run.step}, which {run.path('last.ckpt')} holds; --resume goes on")
        before = time.monotonic()
        parts = run.learn(*next(batches))
        run.seconds += min(LONGEST_STEP_S, time.monotonic() - before)
        for name, value in parts.items():
            seen[name] += (value - seen[name]) * (1 if run.step == 1 else 0.05)
        if run.step % 50 == 0:
            note(run, pictures=len(cache), rate=round(run.rate(), 6), **{k: round(v, 4) for k, v in seen.items()})
        if run.seconds - saved > 60 * run.options.save_every:
            saved = run.seconds
            save_checkpoint(run.path("last.ckpt"), run.state())
            if cache.refresh():
                batches = loader(cache, also, run)
        if run.calm() and not calm:
            batches, calm = loader(cache, also, run), True
        if run.seconds - checked > 60 * run.options.check_every:
            checked = run.seconds
            note(run, ap50=run.check())
    save_checkpoint(run.path("last.ckpt"), run.state())
    note(run, ap50=run.check(), pictures=len(cache), finished=True)


def main():
    options = parse()
    if options.threads:
        torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)
    run = Run(options)
    if options.resume:
        run.take(load_checkpoint(run.path("last.ckpt"), run.device), True)
    elif options.start_from:
        run.take(load_checkpoint(options.start_from, run.device), False)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: setattr(run, "stopped", True))
    cache = PictureCache(os.path.join(options.data, "train"), int(options.cache_gib * 2**30))
    cache.refresh()
    also = None
    if options.also:
        also = PictureCache(options.also, 1 << 30)
        also.refresh()
    note(run, pictures=len(cache), also=len(also or ()), device=str(run.device), half=run.half, torch=torch.__version__, seed=options.seed)
    train(run, cache, also)


if __name__ == "__main__":
    run_command(main)
