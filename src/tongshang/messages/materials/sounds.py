"""How long a voice plays, read from its frames: AMR (RFC 4867) and MPEG audio layer III."""

# Bytes of one 20 ms frame of AMR-NB by its type, its own first byte counted in; others are silence or nothing.
AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
AMR = b"#!AMR\n"
# Bit rates in kbit/s and sampling rates in Hz of layer III, by the header's indices: MPEG-1, and MPEG-2 and 2.5.
RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
SAMPLING = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def format_of(data: bytes) -> str:
    """Say whether a file is AMR or MP3; empty if neither."""
    if data.startswith(AMR):
        return "audio/amr"
    return "audio/mpeg" if data.startswith(b"ID3") or _frame(data, 0) else ""


def seconds(data: bytes) -> float:
    """Count how long a voice plays."""
    return _amr(data) if data.startswith(AMR) else _mp3(data)


def _amr(data: bytes) -> float:
    at, frames = len(AMR), 0
    while at < len(data):
        kind = (data[at] >> 3) & 15
        at += AMR_FRAMES[kind] if kind < len(AMR_FRAMES) else 1
        frames += 1
    return frames / 50


def _mp3(data: bytes) -> float:
    at, total = _after_tag(data), 0.0
    while at + 4 <= len(data):
        if found := _frame(data, at):
            size, length = found
            at += size
            total += length
        else:
            at += 1  # padding, or a tag at the end
    return total


def _after_tag(data: bytes) -> int:
    if not data.startswith(b"ID3") or len(data) < 10:
        return 0
    a, b, c, d = data[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Read a frame's header: its bytes and seconds, or None where no frame of layer III begins."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version = data[at + 1] >> 3 & 3
    rate_index, sampling_index = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or sampling_index == 3:
        return None
    rate = (RATES_1 if version == 3 else RATES_2)[rate_index]
    if not rate:
        return None
    hertz, samples = SAMPLING[version][sampling_index], 1152 if version == 3 else 576
    size = samples // 8 * rate * 1000 // hertz + (data[at + 2] >> 1 & 1)
    return size, samples / hertz
