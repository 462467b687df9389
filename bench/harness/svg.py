"""Line charts as SVG, by hand: readable, small, equal for equal data, in both light and dark pages."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 168, 40, 52
COLOURS = ("#1668b8", "#c4491d", "#2a8a4a", "#8250c4", "#a07a00", "#5b6770")


def _steps(high):
    """Round marks from 0 to at least `high`, four to eight of them."""
    if high <= 0:
        return [0.0, 1.0]
    step = 10 ** math.floor(math.log10(high))
    for factor in (0.2, 0.25, 0.5, 1.0, 2.0):
        if high / (step * factor) <= 6:
            step *= factor
            break
    return [step * i for i in range(math.ceil(high / step - 1e-9) + 1)]


def _number(value):
    text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_chart(title, across, up, series, names=None):
    """`series`: name -> [(x, y)]. With `names` (x -> label) the x are drawn at equal distances, in order."""
    places = sorted({x for points in series.values() for x, _ in points})
    if names:
        at = {x: i / max(1, len(places) - 1) for i, x in enumerate(places)}
        marks_x = [(at[x], names[x]) for x in places]
    else:
        steps = _steps(max(places))
        at = {x: x / steps[-1] for x in places}
        marks_x = [(step / steps[-1], _number(step)) for step in steps]
    steps_y = _steps(max(y for points in series.values() for _, y in points))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x_of(fraction):
        return LEFT + wide * fraction

    def y_of(value):
        return TOP + high * (1 - value / steps_y[-1])

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="22" font-size="15" fill="#1b1f23">{escape(title)}</text>']
    for value in steps_y:
        y = y_of(value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{LEFT + wide}" stroke="#d8dde2"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444c55">{_number(value)}</text>')
    for fraction, label in marks_x:
        out.append(f'<text x="{x_of(fraction):.1f}" y="{TOP + high + 18}" text-anchor="middle" fill="#444c55">{escape(label)}</text>')
    out.append(f'<text x="{LEFT + wide / 2}" y="{HEIGHT - 12}" text-anchor="middle" fill="#1b1f23">{escape(across)}</text>')
    out.append(f'<text transform="translate(16 {TOP + high / 2}) rotate(-90)" text-anchor="middle" fill="#1b1f23">{escape(up)}</text>')
    for number, (name, points) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x_of(at[x]):.1f},{y_of(y):.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(points) <= 24:
            out += [f'<circle cx="{x_of(at[x]):.1f}" cy="{y_of(y):.1f}" r="3.2" fill="{colour}"/>' for x, y in points]
        y = TOP + 10 + 20 * number
        out.append(f'<rect x="{WIDTH - RIGHT + 16}" y="{y - 9}" width="12" height="12" fill="{colour}"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 34}" y="{y + 2}" fill="#1b1f23">{escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"
