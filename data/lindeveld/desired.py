"""The desired flow of each journey as BPMN 2.0, drawn from left to right.

The desired flow is the journey without the detours that nobody wishes; those that are wished, such
as an adviser's opinion, are a branch that a case may skip.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lindeveld.journeys import JOURNEYS, Journey, Step

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
FOLDER = "desired"
_TASK, _GATE, _EVENT = (120, 60), (50, 50), (36, 36)
_GAP, _MIDDLE, _BELOW = 40, 120, 120  # pixels between shapes, and where the two lanes lie


@dataclass(frozen=True)
class Node:
    """One shape: its BPMN element, and its place by the middle of its left side, in pixels."""

    id: str
    kind: str
    name: str
    size: tuple[int, int]
    x: int
    y: int


@dataclass
class Flow:
    """The shapes and the arrows between them, by identifier."""

    nodes: list[Node] = field(default_factory=list)
    arrows: list[tuple[str, str]] = field(default_factory=list)
    _x: int = _GAP

    def add(self, kind: str, name: str, after: str | None, below: bool = False) -> str:
        """Put a shape to the right of all others, reached from `after`; its identifier."""
        size = {"task": _TASK, "exclusiveGateway": _GATE}.get(kind, _EVENT)
        node = Node(
            f"n{len(self.nodes)}", kind, name, size, self._x, _MIDDLE + (_BELOW if below else 0)
        )
        self.nodes.append(node)
        self._x += size[0] + _GAP
        if after is not None:
            self.arrows.append((after, node.id))
        return node.id


def desired_flow(journey: Journey) -> Flow:
    """Start, the steps in order, a gateway on either side of each wished detour, and the end."""
    flow = Flow()
    last = flow.add("startEvent", "", None)
    for phase in journey.phases:
        for part in phase.flow:
            if isinstance(part, Step):
                last = flow.add("task", part.activity, last)
            elif part.is_wished:
                split = inner = flow.add("exclusiveGateway", "", last)
                for step in part.steps:
                    inner = flow.add("task", step.activity, inner, below=True)
                last = flow.add("exclusiveGateway", "", inner)
                flow.arrows.append((split, last))
    flow.add("endEvent", "", last)
    return flow


def bpmn(journey: Journey) -> bytes:
    """The desired flow as a BPMN 2.0 file with its drawing."""
    flow = desired_flow(journey)
    for prefix, space in (("bpmn", _MODEL), ("bpmndi", _DI), ("dc", _DC), ("di", _DD)):
        ET.register_namespace(prefix, space)
    root = ET.Element(
        f"{{{_MODEL}}}definitions",
        {"id": "definitions", "targetNamespace": "https://lindeveld.example/bpmn"},
    )
    process = ET.SubElement(
        root,
        f"{{{_MODEL}}}process",
        {"id": journey.id, "name": journey.nl, "isExecutable": "false"},
    )
    for node in flow.nodes:
        _draw_node(process, node, flow)
    for number, (source, target) in enumerate(flow.arrows):
        named = {"id": f"f{number}", "sourceRef": source, "targetRef": target}
        ET.SubElement(process, f"{{{_MODEL}}}sequenceFlow", named)
    _draw(root, journey, flow)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def write_desired(folder: Path) -> None:
    """One file a journey in `desired/`."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    for journey in JOURNEYS:
        (target / f"{journey.id}.bpmn").write_bytes(bpmn(journey))


def _draw_node(process: ET.Element, node: Node, flow: Flow) -> None:
    said = {"id": node.id} | ({"name": node.name} if node.name else {})
    element = ET.SubElement(process, f"{{{_MODEL}}}{node.kind}", said)
    for number, (source, target) in enumerate(flow.arrows):
        if target == node.id:
            ET.SubElement(element, f"{{{_MODEL}}}incoming").text = f"f{number}"
        if source == node.id:
            ET.SubElement(element, f"{{{_MODEL}}}outgoing").text = f"f{number}"


def _draw(root: ET.Element, journey: Journey, flow: Flow) -> None:
    diagram = ET.SubElement(root, f"{{{_DI}}}BPMNDiagram", {"id": "diagram"})
    plane = ET.SubElement(
        diagram, f"{{{_DI}}}BPMNPlane", {"id": "plane", "bpmnElement": journey.id}
    )
    for node in flow.nodes:
        shape = ET.SubElement(
            plane, f"{{{_DI}}}BPMNShape", {"id": f"{node.id}_shape", "bpmnElement": node.id}
        )
        wide, high = node.size
        bounds = {"x": node.x, "y": node.y - high // 2, "width": wide, "height": high}
        ET.SubElement(shape, f"{{{_DC}}}Bounds", {name: str(v) for name, v in bounds.items()})
    places = {node.id: node for node in flow.nodes}
    for number, (source, target) in enumerate(flow.arrows):
        edge = ET.SubElement(
            plane, f"{{{_DI}}}BPMNEdge", {"id": f"f{number}_edge", "bpmnElement": f"f{number}"}
        )
        for x, y in _path(places[source], places[target]):
            ET.SubElement(edge, f"{{{_DD}}}waypoint", {"x": str(x), "y": str(y)})


def _path(source: Node, target: Node) -> Iterator[tuple[int, int]]:
    """From the right of one shape to the left of the other, round a corner between two lanes."""
    start, end = source.x + source.size[0], target.x
    yield start, source.y
    if source.y != target.y:
        corner = end - _GAP // 2
        yield corner, source.y
        yield corner, target.y
    yield end, target.y
