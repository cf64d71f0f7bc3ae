"""Settings that several questions offer to overturn a verdict, by the words on their buttons."""

from typing import Any

IDENTITY: dict[str, dict[str, Any]] = {"ReLU from the identity": {"cell": "relu", "initialiser": "identity"}}
LSTM: dict[str, dict[str, Any]] = {"LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0}}
ORTHOGONAL: dict[str, dict[str, Any]] = {"Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3}}
