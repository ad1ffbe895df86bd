"""Canned answers in place of external systems, served on loopback, with a record of what came."""

from deputize.stand_ins.received import StandInRequest
from deputize.stand_ins.routes import StandIn, StandInRoute
from deputize.stand_ins.server import StandInServer

__all__ = ["StandIn", "StandInRequest", "StandInRoute", "StandInServer"]
