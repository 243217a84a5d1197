"""Pictures of the demo's goods, drawn by code: a soft ground, a light from above, and a simple shape."""

import io
import math
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageColor, ImageDraw, ImageFilter

SIZE = 750
RGB = tuple[int, int, int]


def mixed(a: RGB, b: RGB, share: float) -> RGB:
    """Mix two colours; `share` of the second."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def ground(width: int, height: int, colour: RGB) -> Image.Image:
    """Draw a backdrop that is light at the top left and deeper at the bottom."""
    small = Image.new("RGB", (16, 16))
    light, deep = mixed(colour, (255, 255, 255), 0.88), mixed(colour, (255, 255, 255), 0.55)
    small.putdata([mixed(light, deep, min(1.0, (x * 0.35 + y) / 18)) for y in range(16) for x in range(16)])
    return small.resize((width, height), Image.Resampling.BICUBIC)


def product(shape: str, colour: str, *, turn: int = 0) -> bytes:
    """Draw a product picture as PNG."""
    base = ImageColor.getrgb(colour)[:3]
    picture = ground(SIZE, SIZE, base).convert("RGBA")
    picture.alpha_composite(_shadow())
    layer = Image.new("RGBA", (SIZE * 2, SIZE * 2))
    SHAPES[shape](ImageDraw.Draw(layer), base)
    # Turned while it is twice as large: halving it smooths the edges anyway.
    picture.alpha_composite((layer.rotate(turn) if turn else layer).reduce(2))
    return _png(picture)


@cache
def _shadow() -> Image.Image:
    """Draw what every thing throws on its ground; blurring it costs a fifth of a picture."""
    shadow = Image.new("RGBA", (SIZE, SIZE))
    ImageDraw.Draw(shadow).ellipse((175, 560, 575, 650), fill=(30, 20, 10, 90))
    return shadow.filter(ImageFilter.GaussianBlur(24))


def banner(colour: str, shapes: tuple[str, ...]) -> bytes:
    """Draw a wide picture with a few of the shop's things."""
    base = ImageColor.getrgb(colour)[:3]
    picture = ground(1500, 700, mixed(base, (255, 255, 255), 0.1)).convert("RGBA")
    for radius in (520, 400, 280):
        halo = Image.new("RGBA", picture.size)
        box = (1080 - radius, 350 - radius, 1080 + radius, 350 + radius)
        ImageDraw.Draw(halo).ellipse(box, fill=(255, 255, 255, 46))
        picture.alpha_composite(halo)
    for n, shape in enumerate(shapes):
        layer = Image.new("RGBA", (SIZE * 2, SIZE * 2))
        SHAPES[shape](ImageDraw.Draw(layer), mixed(base, (255, 220, 160), 0.18 * n))
        size = (560, 470, 400)[n % 3]
        small = layer.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=1.5)
        picture.alpha_composite(small, ((840, 470, 200)[n % 3], 690 - size))
    return _png(picture)


def logo(colour: str, shape: str) -> bytes:
    """Draw a round sign."""
    base = ImageColor.getrgb(colour)[:3]
    layer = Image.new("RGBA", (SIZE * 2, SIZE * 2))
    SHAPES[shape](ImageDraw.Draw(layer), (255, 255, 255))
    picture = Image.new("RGBA", (400, 400), (*base, 255))
    picture.alpha_composite(layer.resize((360, 360), Image.Resampling.LANCZOS, reducing_gap=2), (20, 20))
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", compress_level=1)
    return out.getvalue()


def _body(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], colour: RGB, radius: int = 60) -> None:
    """Draw a rounded body with a light edge on its left."""
    draw.rounded_rectangle(box, radius, fill=(*colour, 255))
    x0, y0, x1, y1 = box
    edge = (x0 + (x1 - x0) // 10, y0 + 40, x0 + (x1 - x0) // 5, y1 - 40)
    draw.rounded_rectangle(edge, 20, fill=(*mixed(colour, (255, 255, 255), 0.45), 160))


def _leaf(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    for n, (x, y, turn, size) in enumerate(((750, 800, -60, 430), (620, 720, -120, 330), (880, 700, -20, 330))):
        tone = mixed(colour, (20, 60, 20), 0.12 * n)
        points = []
        for step in range(41):
            t = step / 40
            along, across = t * size * 1.5, math.sin(math.pi * t) * size * 0.32
            points.append((along, across))
        points += [(a, -b) for a, b in reversed(points)]
        angle = math.radians(turn)
        turned = [
            (x + a * math.cos(angle) - b * math.sin(angle), y + a * math.sin(angle) + b * math.cos(angle))
            for a, b in points
        ]
        draw.polygon(turned, fill=(*tone, 255))
        tip = (x + size * 1.45 * math.cos(angle), y + size * 1.45 * math.sin(angle))
        draw.line((x, y, *tip), fill=(*mixed(tone, (255, 255, 255), 0.5), 255), width=8)
    draw.line((750, 800, 720, 1180), fill=(*mixed(colour, (60, 40, 10), 0.5), 255), width=20)


def _tin(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    _body(draw, (500, 470, 1000, 1190), colour)
    _body(draw, (480, 380, 1020, 520), mixed(colour, (255, 255, 255), 0.25), 40)
    draw.rounded_rectangle((590, 680, 910, 1020), 24, fill=(255, 252, 240, 255))
    draw.ellipse((690, 730, 810, 850), fill=(*colour, 255))
    for n in range(3):
        draw.line((640, 890 + 40 * n, 860, 890 + 40 * n), fill=(*mixed(colour, (0, 0, 0), 0.3), 255), width=10)


def _cake(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    draw.ellipse((330, 460, 1170, 1220), fill=(*mixed(colour, (0, 0, 0), 0.25), 255))
    draw.ellipse((330, 420, 1170, 1170), fill=(*colour, 255))
    for n in range(36):
        angle = n * 10
        start = 120 + (n * 37) % 180
        a = math.radians(angle)
        p = (750 + start * math.cos(a), 795 + start * 0.9 * math.sin(a))
        q = (750 + (start + 90) * math.cos(a + 0.2), 795 + (start + 90) * 0.9 * math.sin(a + 0.2))
        draw.line((*p, *q), fill=(*mixed(colour, (255, 220, 160), 0.25), 255), width=12)
    draw.ellipse((690, 740, 810, 850), fill=(*mixed(colour, (0, 0, 0), 0.35), 255))


def _cup(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    draw.ellipse((350, 1050, 1150, 1220), fill=(*mixed(colour, (255, 255, 255), 0.5), 255))
    draw.pieslice((430, 320, 1070, 1160), 0, 180, fill=(*mixed(colour, (255, 255, 255), 0.7), 255))
    draw.ellipse((430, 660, 1070, 820), fill=(*mixed(colour, (255, 255, 255), 0.85), 255))
    draw.ellipse((480, 685, 1020, 800), fill=(176, 125, 52, 255))
    draw.arc((990, 760, 1180, 1010), -80, 110, fill=(*mixed(colour, (255, 255, 255), 0.6), 255), width=34)
    _steam(draw)


def _steam(draw: ImageDraw.ImageDraw) -> None:
    for x in (620, 750, 880):
        points = [(x + 26 * math.sin(y / 42), y) for y in range(360, 620, 6)]
        draw.line(points, fill=(255, 255, 255, 200), width=16, joint="curve")


def _bowl(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    draw.pieslice((300, 330, 1200, 1230), 0, 180, fill=(250, 247, 240, 255))
    draw.rectangle((620, 1190, 880, 1230), fill=(235, 228, 215, 255))
    draw.ellipse((300, 650, 1200, 910), fill=(255, 255, 255, 255))
    draw.ellipse((345, 675, 1155, 885), fill=(*colour, 255))
    for n in range(7):
        y = 720 + 18 * n
        draw.arc((420 + 20 * n, y - 60, 1000 + 12 * n, y + 70), 15, 165, fill=(246, 224, 160, 255), width=16)
    for x, y in ((520, 770), (900, 740), (980, 800)):
        draw.ellipse((x, y, x + 60, y + 34), fill=(60, 140, 60, 255))
    draw.line((980, 420, 700, 760), fill=(120, 72, 30, 255), width=18)
    draw.line((1040, 430, 760, 770), fill=(120, 72, 30, 255), width=18)
    _steam(draw)


def _plate(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    draw.ellipse((250, 640, 1250, 1200), fill=(255, 255, 255, 255))
    draw.ellipse((340, 690, 1160, 1130), fill=(240, 240, 236, 255))
    for n, (x, y) in enumerate(((480, 760), (680, 720), (880, 770), (560, 900), (800, 900))):
        tone = mixed(colour, (255, 230, 160), 0.15 * n)
        draw.rounded_rectangle((x, y, x + 170, y + 130), 30, fill=(*tone, 255))
        draw.line((x + 20, y + 26, x + 120, y + 26), fill=(*mixed(tone, (255, 255, 255), 0.5), 255), width=14)


def _glass(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    draw.polygon(((520, 420), (980, 420), (910, 1200), (590, 1200)), fill=(255, 255, 255, 150))
    draw.polygon(((545, 600), (955, 600), (895, 1170), (605, 1170)), fill=(*colour, 255))
    draw.ellipse((545, 565, 955, 640), fill=(*mixed(colour, (255, 255, 255), 0.35), 255))
    draw.line((840, 300, 740, 1080), fill=(214, 60, 60, 255), width=24)


def _box(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    _body(draw, (370, 620, 1130, 1200), colour, 30)
    _body(draw, (340, 520, 1160, 680), mixed(colour, (0, 0, 0), 0.18), 24)
    draw.rectangle((710, 520, 790, 1200), fill=(246, 211, 120, 255))
    for side in (-1, 1):
        draw.ellipse((750 + side * 120 - 110, 400, 750 + side * 120 + 110, 540), outline=(246, 211, 120, 255), width=30)


def _bottle(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    _body(draw, (560, 560, 940, 1210), colour, 90)
    draw.rectangle((670, 420, 830, 570), fill=(*mixed(colour, (255, 255, 255), 0.5), 255))
    _body(draw, (650, 320, 850, 450), (250, 250, 250), 30)
    draw.rounded_rectangle((620, 760, 880, 1040), 16, fill=(255, 255, 255, 220))
    draw.line((665, 850, 835, 850), fill=(*colour, 255), width=16)
    draw.line((665, 910, 790, 910), fill=(*mixed(colour, (120, 120, 120), 0.5), 255), width=10)


def _lipstick(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    _body(draw, (610, 820, 890, 1210), (40, 34, 38), 24)
    draw.rectangle((640, 700, 860, 830), fill=(224, 190, 120, 255))
    draw.polygon(((665, 700), (665, 440), (835, 350), (835, 700)), fill=(*colour, 255))
    draw.polygon(((665, 440), (835, 350), (800, 470), (690, 520)), fill=(*mixed(colour, (255, 255, 255), 0.3), 255))


def _palette(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    _body(draw, (360, 460, 1140, 1200), (52, 44, 42), 40)
    for n in range(9):
        x, y = 440 + (n % 3) * 220, 530 + (n // 3) * 215
        tone = mixed(mixed(colour, (255, 235, 215), 0.1 * n), (90, 40, 40), 0.05 * (8 - n))
        draw.rounded_rectangle((x, y, x + 180, y + 175), 18, fill=(*tone, 255))


def _ticket(draw: ImageDraw.ImageDraw, colour: RGB) -> None:
    _body(draw, (300, 560, 1200, 1060), colour, 50)
    for y in (560, 1060):
        draw.ellipse((840, y - 50, 940, y + 50), fill=(0, 0, 0, 0))
    for n in range(7):
        draw.line((890, 640 + 60 * n, 890, 670 + 60 * n), fill=(255, 255, 255, 220), width=10)
    for n in range(5):
        a = math.radians(72 * n)
        u, v = 590 + 95 * math.cos(a), 810 + 95 * math.sin(a)
        draw.ellipse((u - 75, v - 75, u + 75, v + 75), fill=(255, 240, 245, 235))
    draw.ellipse((545, 765, 635, 855), fill=(250, 204, 90, 255))


SHAPES: dict[str, Callable[[ImageDraw.ImageDraw, RGB], None]] = {
    "leaf": _leaf, "tin": _tin, "cake": _cake, "cup": _cup, "bowl": _bowl, "plate": _plate, "glass": _glass,
    "box": _box, "bottle": _bottle, "lipstick": _lipstick, "palette": _palette, "ticket": _ticket,
}  # fmt: skip
