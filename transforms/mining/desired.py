"""The desired flow of a journey: a BPMN file that people drew, as an accepting Petri net."""

from __future__ import annotations

import hashlib

from transforms.mining.discovery import Model
from transforms.mining.quiet import quiet

DESIRED = "desired"


class UnreadableFlowError(ValueError):
    """A file that is no BPMN 2.0 with a start, an end and steps between; the message says so."""


def desired_model(bpmn: str, name: str) -> Model:
    """`name` is what the message calls the file. Raises UnreadableFlowError."""
    with quiet() as pm4py:
        from pm4py.objects.bpmn.importer.variants.lxml import import_from_string

        try:
            net = pm4py.convert_to_petri_net(import_from_string(bpmn))
        except Exception as error:
            raise UnreadableFlowError(_problem(name)) from error
    model = Model(DESIRED, None, *net)
    labels = {transition.label for transition in model.net.transitions} - {None}
    if not labels or not model.initial or not model.final:
        raise UnreadableFlowError(_problem(name))
    return model


def _problem(name: str) -> str:
    return (
        f"{name} is no BPMN 2.0 flow that can be followed from its start to its end.\n"
        "  Mend: draw one process with a start event, tasks named as the activities of the log, and"
        " an end event, and export it as BPMN 2.0."
    )


def flow_hash(bpmn: str) -> str:
    return hashlib.sha256(bpmn.encode()).hexdigest()
