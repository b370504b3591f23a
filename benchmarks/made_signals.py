"""Made-up signals of any size: seeded, a month at a time, as DuckDB makes them from row numbers.

24 months, a million subjects of whom few come often, 18 signal names (40 % contacts, 10 % NPS answers),
12 channels, 40 reasons, 20 products, 15 regions, 20 teams of 10 agents, 24 touchpoints, 5 devices. Planted: in the
last month NPS falls in chat for small businesses. Each draw hashes one mixed integer: DuckDB's hash of
several values leaves them correlated.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from openxmo.core.signals.store.tables import SIGNALS

SEED = 20261121
MONTHS = tuple((year, month) for year in (2024, 2025, 2026) for month in range(1, 13))[6:30]
HEARD_AT = datetime(2026, 7, 1, tzinfo=UTC)
SUBJECTS = 1_000_000
BATCH = 122_880
MEMORY = "4GB"
SOURCE = "bench"
NAMES = [
    *("nps", "contact", "csat", "ces", "complaint", "handle_time", "resolved", "transferred", "escalation"),
    *("login_time", "dropout", "revenue", "renewal", "kb_search", "kb_view"),
    *("invitation_sent", "invitation_answered", "stage_enter"),
]
CHANNELS = ["phone", "chat", "email", "web", "app", "store", "social", "letter", "video", "kiosk", "partner", "sms"]
SEGMENTS = ["smb", "consumer", "enterprise"]
PHRASES = [
    f"{what} {how}"
    for what in ("delivery", "invoice", "agent", "app", "price", "waiting")
    for how in ("was fine", "took too long", "needs work", "was wrong twice", "could not be better")
]

MAKE = """
WITH drawn AS (
  SELECT i, i - {first} AS place,
    chance(i, 1) AS of_name, draw(i, 2) % 12 AS channel_, draw(i, 3) % 200 AS agent_, draw(i, 4) AS v,
    CAST(floor({subjects} * chance(i, 5) ** 2.2) AS BIGINT) AS subject_,
    make_timestamp({start} + CAST(floor(chance(i, 6) * {length}) AS BIGINT)) AS happened_at
  FROM range({first}, {first} + {rows}) AS numbers(i)
), named AS (
  SELECT *, $names[CASE WHEN of_name < 0.1 THEN 1 WHEN of_name < 0.5 THEN 2
                        ELSE 3 + CAST(floor((of_name - 0.5) * 32) AS INTEGER) END] AS name,
    $channels[1 + channel_] AS channel, $segments[1 + draw(subject_, 7) % 3] AS segment
  FROM drawn
), answered AS (
  SELECT *, CASE WHEN v % 100 < 20 THEN (v >> 8) % 7 WHEN v % 100 < 45 THEN 7 + (v >> 8) % 2
                 ELSE 9 + (v >> 8) % 2 END AS answer
  FROM named
)
SELECT 's-' || i AS id, '{source}' AS source, happened_at,
  CASE WHEN name IN ('nps', 'csat', 'ces', 'complaint') THEN 'X' WHEN name IN ('login_time', 'dropout') THEN 'T'
       WHEN name IN ('revenue', 'renewal') THEN 'B' ELSE 'O' END AS kind,
  name,
  CAST(CASE name
    WHEN 'nps' THEN CASE WHEN {is_last} AND channel = 'chat' AND segment = 'smb' THEN greatest(answer - 3, 0)
                         ELSE answer END
    WHEN 'csat' THEN 1 + v % 5 WHEN 'ces' THEN 1 + v % 7
    WHEN 'handle_time' THEN 30 + v % 1800 WHEN 'revenue' THEN (v % 100000) / 100 END AS DOUBLE) AS value,
  CASE WHEN name IN ('resolved', 'complaint', 'stage_enter') THEN 'label ' || v % 8 END AS label,
  CASE WHEN name IN ('nps', 'csat', 'complaint') AND v % 10 < 4 THEN $phrases[1 + (v >> 16) % 30] END AS text,
  CASE name WHEN 'nps' THEN '0..10' WHEN 'csat' THEN '1..5' WHEN 'ces' THEN '1..7' END AS scale,
  CASE WHEN name IN ('nps', 'csat', 'ces', 'complaint') THEN 'asked' ELSE 'recorded' END AS basis,
  'subject-' || subject_ AS subject, 'customer' AS subject_kind,
  'agent-' || agent_ AS agent, 'team-' || agent_ // 10 AS team, 'contact-' || i // 3 AS contact,
  CASE WHEN name IN ('nps', 'csat', 'ces') THEN 'response-' || i END AS response,
  CASE WHEN name IN ('nps', 'csat', 'ces') THEN 'survey@3' END AS instrument,
  'touchpoint-' || channel_ * 2 + draw(i, 8) % 2 AS touchpoint, channel,
  'region-' || draw(subject_, 9) % 15 AS region, 'reason-' || draw(i, 10) % 40 AS reason,
  'product-' || draw(i, 11) % 20 AS product, 'device-' || draw(i, 15) % 5 AS device, segment,
  MAP {{'plan': 'plan-' || draw(subject_, 12) % 4}} AS attrs,
  place + {first_row} AS row, draw(i, 13) AS content_1, draw(i, 14) AS content_2
FROM answered ORDER BY name, happened_at
"""


def open_maker(spill: Path) -> duckdb.DuckDBPyConnection:
    """An engine that draws: `draw(i, k)` a number of 63 bits, `chance(i, k)` one from 0 to 1."""
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(spill)})
    connection.execute(f"CREATE MACRO draw(i, k) AS CAST(hash(i * 32 + k + {SEED << 33}) >> 1 AS BIGINT)")
    connection.execute("CREATE MACRO chance(i, k) AS (draw(i, k) >> 10) / 9007199254740992.0")
    return connection


def month_start(place: int) -> datetime:
    """The first moment of a month by its place; the place after the last gives the end."""
    year, month = MONTHS[0]
    months = year * 12 + month - 1 + place
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def make_month(connection: duckdb.DuckDBPyConnection, place: int, *, rows: int, first: int) -> Iterator[pa.Table]:
    """The signals of one month, numbered from `first`, sorted as the lake sorts them, in its schema."""
    from openxmo.core.signals.door.catching_up import NUMBER_BITS  # a process that only asks need not carry the door

    start = int(month_start(place).timestamp()) * 1_000_000
    length = int(month_start(place + 1).timestamp()) * 1_000_000 - start
    text = MAKE.format(
        first=first,
        rows=rows,
        subjects=SUBJECTS,
        start=start,
        length=length,
        source=SOURCE,
        is_last=place == len(MONTHS) - 1,
        first_row=place + 1 << NUMBER_BITS,
    )
    words = {"names": NAMES, "channels": CHANNELS, "segments": SEGMENTS, "phrases": PHRASES}
    year, month = MONTHS[place]
    for batch in connection.sql(text, params=words).to_arrow_reader(BATCH):
        yield complete(batch, receipt=receipt_name(place), month=f"{year}-{month:02}")


def receipt_name(place: int) -> str:
    return f"made-{place + 1:02}"


def complete(batch: pa.RecordBatch, *, receipt: str, month: str) -> pa.Table:
    """The columns that all rows share, and those that nobody filled."""
    count = batch.num_rows
    words = np.column_stack([batch["content_1"].to_numpy(), batch["content_2"].to_numpy()])
    columns = {name: batch[name] for name in batch.schema.names}
    columns["content"] = pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(words.tobytes())])
    columns["happened_at"] = (
        batch["happened_at"].cast(pa.timestamp("us")).cast(SIGNALS.schema.field("happened_at").type)
    )
    shared = {"heard_at": HEARD_AT, "receipt": receipt, "protected": False, "month": month}
    for field in SIGNALS.schema:
        if field.name not in columns:
            columns[field.name] = pa.repeat(pa.scalar(shared.get(field.name), field.type), count)
    return pa.table({field.name: columns[field.name].cast(field.type) for field in SIGNALS.schema})
