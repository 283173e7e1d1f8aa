"""A run in this process: the way in for the command line, and for a program of one's own."""

from agents.run.beginning import (
    SAMPLES,
    BadQuestionError,
    FolderNeededError,
    PlanLostError,
    approve_as_it_is,
    ask,
    check_folder,
    in_force,
    resume,
)
from agents.run.steering import BadPlanError
from agents.run.work import Retries, Run
from agents.run_settings import Settings

__all__ = [
    "SAMPLES",
    "BadPlanError",
    "BadQuestionError",
    "FolderNeededError",
    "PlanLostError",
    "Retries",
    "Run",
    "Settings",
    "approve_as_it_is",
    "ask",
    "check_folder",
    "in_force",
    "resume",
]
