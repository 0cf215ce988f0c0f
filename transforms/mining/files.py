"""Models as files of text: BPMN 2.0 with a drawing, and PNML.

pm4py would draw BPMN with a program that is not shipped; the places are found by the Graphviz in
pygraphviz, which is given sizes and numbers, never a name.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Any, NamedTuple

from transforms.mining.discovery import inductive_model, process_tree
from transforms.mining.quiet import quiet
from transforms.mining.variants import Variants

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_KINDS = {
    "Task": ("task", (140, 60)),
    "ExclusiveGateway": ("exclusiveGateway", (50, 50)),
    "ParallelGateway": ("parallelGateway", (50, 50)),
    "InclusiveGateway": ("inclusiveGateway", (50, 50)),
    "NormalStartEvent": ("startEvent", (36, 36)),
    "StartEvent": ("startEvent", (36, 36)),
    "NormalEndEvent": ("endEvent", (36, 36)),
    "EndEvent": ("endEvent", (36, 36)),
}


class _Node(NamedTuple):
    id: str
    kind: str
    name: str
    size: tuple[int, int]


Point = tuple[float, float]


def pnml_text(variants: Variants) -> bytes:
    """The inductive miner's model as PNML."""
    model = inductive_model(variants)
    with quiet():
        from pm4py.objects.petri_net.exporter.variants.pnml import export_petri_as_string

        return bytes(export_petri_as_string(model.net, model.initial, final_marking=model.final))


def bpmn_text(variants: Variants, journey: str) -> bytes:
    """The inductive miner's model as BPMN 2.0; the same variants give the same bytes."""
    tree = process_tree(variants)
    with quiet() as pm4py:
        found = _in_order(pm4py.convert_to_bpmn(tree))
    number = {id(each): f"n{place}" for place, each in enumerate(found)}
    nodes = [_node(each, number[id(each)]) for each in found]
    arrows = [
        (number[id(each)], number[id(arc.get_target())])
        for each in found
        for arc in each.get_out_arcs()
    ]
    return _written(journey, nodes, arrows)


def _in_order(graph: Any) -> list[Any]:
    """The nodes as they are reached from the start."""
    [start] = [node for node in graph.get_nodes() if "StartEvent" in type(node).__name__]
    found, seen = [start], {id(start)}
    for node in found:
        for arc in node.get_out_arcs():
            if id(arc.get_target()) not in seen:
                seen.add(id(arc.get_target()))
                found.append(arc.get_target())
    return found


def _node(node: Any, identifier: str) -> _Node:
    kind, size = _KINDS[type(node).__name__]
    return _Node(identifier, kind, node.get_name() if kind == "task" else "", size)


def _written(journey: str, nodes: list[_Node], arrows: list[tuple[str, str]]) -> bytes:
    for prefix, space in (("bpmn", _MODEL), ("bpmndi", _DI), ("dc", _DC), ("di", _DD)):
        ET.register_namespace(prefix, space)
    root = ET.Element(
        f"{{{_MODEL}}}definitions",
        {"id": "definitions", "targetNamespace": "urn:hartslag:discovered"},
    )
    said = {"id": "process", "name": journey, "isExecutable": "false"}
    process = ET.SubElement(root, f"{{{_MODEL}}}process", said)
    for node in nodes:
        element = ET.SubElement(
            process,
            f"{{{_MODEL}}}{node.kind}",
            {"id": node.id} | ({"name": node.name} if node.name else {}),
        )
        for tag, end in (("incoming", 1), ("outgoing", 0)):
            for place, arrow in enumerate(arrows):
                if arrow[end] == node.id:
                    ET.SubElement(element, f"{{{_MODEL}}}{tag}").text = f"f{place}"
    for place, (source, target) in enumerate(arrows):
        ends = {"id": f"f{place}", "sourceRef": source, "targetRef": target}
        ET.SubElement(process, f"{{{_MODEL}}}sequenceFlow", ends)
    _draw(root, nodes, arrows)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _draw(root: ET.Element, nodes: list[_Node], arrows: list[tuple[str, str]]) -> None:
    places, ways = _placed(nodes, arrows)
    diagram = ET.SubElement(root, f"{{{_DI}}}BPMNDiagram", {"id": "diagram"})
    on = {"id": "plane", "bpmnElement": "process"}
    plane = ET.SubElement(diagram, f"{{{_DI}}}BPMNPlane", on)
    for node in nodes:
        drawn = {"id": f"{node.id}_shape", "bpmnElement": node.id}
        shape = ET.SubElement(plane, f"{{{_DI}}}BPMNShape", drawn)
        (x, y), (wide, high) = places[node.id], node.size
        bounds = {"x": x - wide / 2, "y": y - high / 2, "width": wide, "height": high}
        ET.SubElement(shape, f"{{{_DC}}}Bounds", {key: f"{v:g}" for key, v in bounds.items()})
    for place, way in enumerate(ways):
        edge = {"id": f"f{place}_edge", "bpmnElement": f"f{place}"}
        drawn_edge = ET.SubElement(plane, f"{{{_DI}}}BPMNEdge", edge)
        for x, y in way:
            ET.SubElement(drawn_edge, f"{{{_DD}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})


def _placed(
    nodes: Iterable[_Node], arrows: Iterable[tuple[str, str]]
) -> tuple[dict[str, Point], list[list[Point]]]:
    """Centres of the nodes and the corners of the arrows, from the upper left, in pixels."""
    import pygraphviz

    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(rankdir="LR", splines="polyline", nodesep="0.4", ranksep="0.5")
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    for node in nodes:
        wide, high = node.size
        graph.add_node(node.id, width=f"{wide / 72:.4f}", height=f"{high / 72:.4f}")
    arrows = list(arrows)
    for place, (source, target) in enumerate(arrows):
        graph.add_edge(source, target, key=f"f{place}")
    graph.layout(prog="dot")
    top = float(graph.graph_attr["bb"].split(",")[3])

    def turned(written: str) -> Point:
        x, y = map(float, written.split(","))
        return round(x + 20, 1), round(top - y + 20, 1)

    centres = {str(each): turned(each.attr["pos"]) for each in graph.nodes()}
    ways = []
    for place, (source, target) in enumerate(arrows):
        written = graph.get_edge(source, target, key=f"f{place}").attr["pos"]
        tip, *points = written.replace("\\\n", "").split()
        ways.append([*map(turned, points[:-1:3]), turned(tip.removeprefix("e,"))])
    return centres, ways
