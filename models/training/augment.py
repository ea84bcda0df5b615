"""What a camera and the weather do to a picture, exaggerated: every function takes and returns RGB uint8 [H,W,3].

Rendered pictures are too clean and too alike. Colour, light, noise, compression and sharpness are therefore pushed far
beyond what the renderer varies, so that the network cannot lean on them and has to look at shapes.
"""
import cv2
import numpy as np


def chance(rng, p):
    return rng.random() < p


def tone(img, rng):
    """Gamma, contrast, brightness and white balance in one look-up table per channel."""
    ramp = np.linspace(0, 1, 256, dtype=np.float32)
    curve = ramp ** float(np.exp(rng.uniform(-0.5, 0.5)))
    curve = (curve - 0.5) * rng.uniform(0.6, 1.35) + 0.5 + rng.uniform(-0.15, 0.15)
    table = np.stack([curve * g for g in rng.uniform(0.8, 1.2, 3)], -1)
    return cv2.LUT(img, np.clip(table * 255, 0, 255).astype(np.uint8)[None])


def colour(img, rng):
    """Hue, saturation; now and then channels change places, so that no class owns a colour."""
    if chance(rng, 0.06):
        return np.ascontiguousarray(img[..., rng.permutation(3)])
    hsv = cv2.cvtColor(img, cv2.COLOR_RGB2HSV)
    turn, gain = int(rng.integers(-14, 15)), rng.uniform(0.3, 1.5)
    hue = ((np.arange(256) + turn) % 180).astype(np.uint8)
    sat = np.clip(np.arange(256) * gain, 0, 255).astype(np.uint8)
    table = np.stack((hue, sat, np.arange(256, dtype=np.uint8)), -1)[None]
    return cv2.cvtColor(cv2.LUT(hsv, table), cv2.COLOR_HSV2RGB)


def infrared(img, rng):
    """Grey as an infrared camera sees, sometimes with its spotlight in the middle."""
    grey = cv2.cvtColor(img, cv2.COLOR_RGB2GRAY)
    if chance(rng, 0.4):
        h, w = grey.shape
        y, x = np.ogrid[:h, :w]
        r = ((x - rng.uniform(0, w)) / w) ** 2 + ((y - rng.uniform(0, h)) / h) ** 2
        grey = np.clip(grey * (0.35 + 0.9 * np.exp(-3 * r)), 0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


def noise(img, rng):
    """Sensor noise, per pixel or in blotches, in colour or in grey."""
    h, w, _ = img.shape
    coarse = int(rng.integers(1, 4))
    channels = 3 if chance(rng, 0.5) else 1
    field = rng.standard_normal((h // coarse + 1, w // coarse + 1, channels), dtype=np.float32)
    if coarse > 1:
        field = cv2.resize(field, (w, h), interpolation=cv2.INTER_LINEAR).reshape(h, w, channels)
    else:
        field = field[:h, :w]
    return np.clip(img + field * (2 + rng.exponential(6)), 0, 255).astype(np.uint8)


def blur(img, rng):
    """Out of focus, moved, or a low resolution blown up again."""
    kind = rng.integers(3)
    h, w, _ = img.shape
    if kind == 0:
        return cv2.GaussianBlur(img, (0, 0), rng.uniform(0.4, 1.6))
    if kind == 1:
        n = int(rng.integers(3, 8))
        kernel = np.zeros((n, n), np.float32)
        cv2.line(kernel, (0, int(rng.integers(n))), (n - 1, int(rng.integers(n))), 1, 1)
        return cv2.filter2D(img, -1, kernel / max(kernel.sum(), 1))
    f = rng.uniform(0.45, 0.85)
    small = cv2.resize(img, (int(w * f), int(h * f)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


def sharpen(img, rng):
    """The halos of a cheap camera's sharpening."""
    soft = cv2.GaussianBlur(img, (0, 0), rng.uniform(0.8, 2.0))
    amount = rng.uniform(0.4, 1.5)
    return cv2.addWeighted(img, 1 + amount, soft, -amount, 0)


def haze(img, rng):
    """Fog or glare: a bright veil that thickens towards one side."""
    h, w, _ = img.shape
    density = cv2.resize(rng.uniform(0, 0.6, (2, 2)).astype(np.float32), (w, h), interpolation=cv2.INTER_LINEAR)
    veil = rng.uniform(120, 245)
    return (img * (1 - density[..., None]) + veil * density[..., None]).astype(np.uint8)


def texture(img, rng):
    """Blends coarse coloured noise over everything: walls, leaves, ripples that the renderer does not know."""
    h, w, _ = img.shape
    field = np.zeros((h, w, 3), np.float32)
    for cells in (int(rng.integers(3, 9)), int(rng.integers(12, 60))):
        grain = rng.uniform(-1, 1, (cells, max(2, cells // int(rng.integers(1, 4))), 3)).astype(np.float32)
        field += cv2.resize(grain, (w, h), interpolation=cv2.INTER_CUBIC)
    return np.clip(img + field * rng.uniform(5, 24), 0, 255).astype(np.uint8)


def rain(img, rng):
    """Short pale strokes in one direction."""
    h, w, _ = img.shape
    layer = np.zeros((h, w), np.uint8)
    dx, dy = int(rng.integers(-6, 7)), int(rng.integers(8, 26))
    for _ in range(int(rng.integers(30, 160))):
        x, y = int(rng.integers(w)), int(rng.integers(h))
        cv2.line(layer, (x, y), (x + dx, y + dy), int(rng.integers(40, 130)), 1)
    return cv2.add(img, cv2.cvtColor(cv2.GaussianBlur(layer, (3, 3), 0), cv2.COLOR_GRAY2RGB))


def patches(img, rng):
    """Covers up to three places with flat colour or noise, as leaves before the lens and masks do."""
    out = img.copy()
    h, w, _ = img.shape
    for _ in range(int(rng.integers(1, 4))):
        ph, pw = int(rng.uniform(0.04, 0.2) * h), int(rng.uniform(0.04, 0.2) * w)
        y, x = int(rng.integers(h - ph)), int(rng.integers(w - pw))
        fill = rng.integers(0, 256, 3) if chance(rng, 0.6) else rng.integers(0, 256, (ph, pw, 3))
        out[y : y + ph, x : x + pw] = fill
    return out


def compress(img, rng):
    """JPEG at a poor quality: blocks and ringing as in a starved video stream."""
    ok, data = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 85))])
    return cv2.imdecode(data, cv2.IMREAD_COLOR) if ok else img


# In the order of the light's way: the scene, the weather, the lens, the sensor, the encoder.
STEPS = (
    (0.12, texture), (0.1, haze), (0.06, rain), (0.12, patches), (0.5, colour), (0.6, tone), (0.15, infrared),
    (0.22, blur), (0.15, sharpen), (0.3, noise), (0.35, compress),
)


def photometric(img, rng, clean):
    """Applies a random selection of the steps above; the share `clean` of the pictures stays as it is."""
    if chance(rng, clean):
        return img
    for p, step in STEPS:
        if chance(rng, p):
            img = step(img, rng)
    return img
