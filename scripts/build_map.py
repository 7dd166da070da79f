"""Natural Earth's land and borders (TopoJSON of the npm package world-atlas) → data/map/land.json, two compact SVG paths.

    npm install world-atlas
    python scripts/build_map.py node_modules/world-atlas/countries-50m.json data/map/land.json

The projection is Miller's cylindrical one; the report's script repeats its two formulas, to put marks on the map.
"""

import argparse
import json
import math
from pathlib import Path

SCALE = 20.0  # units of the path a degree of longitude
TOLERANCE = 0.9  # what a simplified line may be off, in units
SMALLEST = 10.0  # islands below this area are left out, in square units
SOUTH = -60.0  # nothing below: Antarctica
NORTH = 84.0

Point = tuple[float, float]


def miller(lon: float, lat: float) -> Point:
    """Longitude and latitude in degrees → x to the right from 180° W, y downwards from NORTH."""

    def up(degrees: float) -> float:
        return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(degrees)))

    return (lon + 180) * SCALE, math.degrees(up(NORTH) - up(lat)) * SCALE


def decode(topology: dict) -> list[list[Point]]:
    """The arcs of a quantised topology in degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(points)
    return arcs


def simplify(points: list[Point]) -> list[Point]:
    """Douglas and Peucker's line simplification, without recursion; a closed line keeps two more points."""
    last = len(points) - 1
    keep = {0, last}
    if points[0] == points[last] and last > 2:
        far = max(range(last), key=lambda k: math.dist(points[0], points[k]))
        keep.add(far)
        todo = [(0, far), (far, last)]
    else:
        todo = [(0, last)]
    while todo:
        a, b = todo.pop()
        if b - a < 2:
            continue
        distances = [(_distance(points[k], points[a], points[b]), k) for k in range(a + 1, b)]
        worst, k = max(distances)
        if worst > TOLERANCE:
            keep.add(k)
            todo += [(a, k), (k, b)]
    return [points[k] for k in sorted(keep)]


def _distance(p: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b)
    if length == 0:
        return math.dist(p, a)
    t = max(0.0, min(1.0, ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length**2))
    return math.dist(p, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))


def area(ring: list[Point]) -> float:
    """The area of a ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def path(points: list[Point], *, closed: bool) -> str:
    """A line as relative whole numbers, as short as SVG allows."""
    whole = [(round(x), round(y)) for x, y in points]
    parts, (px, py) = [f"M{whole[0][0]} {whole[0][1]}l"], whole[0]
    first = True
    for x, y in whole[1 : -1 if closed else None]:
        dx, dy = x - px, y - py
        if dx or dy:
            parts.append(f"{dx}" if first or dx < 0 else f" {dx}")
            parts.append(f"{dy}" if dy < 0 else f" {dy}")
            first = False
        px, py = x, y
    return "" if first else "".join(parts) + ("z" if closed else "")


def polygons(geometry: dict) -> list[list[list[int]]]:
    """The polygons of a geometry or collection, as rings of arc numbers."""
    if geometry["type"] == "GeometryCollection":
        return [p for g in geometry["geometries"] for p in polygons(g)]
    if geometry["type"] == "MultiPolygon":
        return geometry["arcs"]
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else []


def main() -> None:
    """Read the topology, write the paths."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topology", type=Path)
    parser.add_argument("output", type=Path)
    args = parser.parse_args()
    topology = json.loads(args.topology.read_text(encoding="utf-8"))
    raw = decode(topology)
    arcs = [simplify([miller(lon, max(min(lat, NORTH), -85.0)) for lon, lat in arc]) for arc in map(unwrap, raw)]

    land = []
    for polygon in polygons(topology["objects"]["land"]):
        ring = stitch(polygon[0], raw, 360)
        if max(lat for _, lat in ring) < SOUTH:
            continue
        for k, one in enumerate(polygon):
            points = stitch(one, arcs, 360 * SCALE)
            if max(x for x, _ in points) <= 0:  # the part of a crossing ring that lies in the east
                points = [(x + 360 * SCALE, y) for x, y in points]
            if area(points) >= SMALLEST * (1 if k == 0 else 4):  # lakes are left out sooner
                land.append(path(points, closed=True))

    users: dict[int, set[int]] = {}
    for number, country in enumerate(topology["objects"]["countries"]["geometries"]):
        for polygon in polygons(country):
            for ring in polygon:
                for arc in ring:
                    users.setdefault(arc if arc >= 0 else ~arc, set()).add(number)
    borders = [path(arcs[arc], closed=False) for arc, who in sorted(users.items()) if len(who) > 1]

    result = {
        "source": "Natural Earth, 1:50m, public domain",
        "projection": "miller",
        "scale": SCALE,
        "north": NORTH,
        "width": round(360 * SCALE),
        "height": round(miller(0, SOUTH)[1]),
        "land": "".join(land),
        "borders": "".join(borders),
    }
    args.output.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{args.output}: {args.output.stat().st_size:,} bytes, {len(land)} rings, {len(borders)} borders")


def unwrap(line: list[Point]) -> list[Point]:
    """The line without leaps from 180° E to 180° W: it goes on beyond the edge."""
    out = line[:1]
    for lon, lat in line[1:]:
        out.append((lon + round((out[-1][0] - lon) / 360) * 360, lat))
    return out


def stitch(ring: list[int], arcs: list[list[Point]], turn: float) -> list[Point]:
    """The points of a ring, whose arcs share their ends; `turn` is the width of the world."""
    points: list[Point] = []
    for arc in ring:
        line = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        if points:  # where the ring crosses 180° it goes on beyond the edge
            shift = round((points[-1][0] - line[0][0]) / turn) * turn
            line = [(x + shift, y) for x, y in line[1:]]
        points += line
    return points


if __name__ == "__main__":
    main()
