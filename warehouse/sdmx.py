"""The catalogued values as SDMX 3.0: observations as SDMX-CSV, and the structure that they follow as SDMX-JSON.

Here belongs how the star's grain becomes dimensions, measures and attributes. Open indicators and places without a code
have no SDMX identifier and stay out; every other format has them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import duckdb
from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Role,
)
from pysdmx.model.message import Header

from warehouse.spreadsheets import guarded

AGENCY, FLOW, VERSION = "MINZHENG", "CIVIL_AFFAIRS", "2.0.0"

#: Dimension -> the expression behind it; the star's grain, in SDMX's names where it has one. _Z is SDMX's «not applicable».
_DIMENSIONS = {
    "REF_AREA": "city.city_code",
    "INDICATOR": "replace(indicator.indicator_key, ':', '__')",
    "AREA": "fact.area",
    "STATUS": "fact.status",
    "MEASURE_TYPE": "fact.measure",
    "PERIOD": "fact.period",
    "UNIT_MEASURE": "fact.unit",
    "PAID_PER": "coalesce(nullif(fact.per, ''), '_Z')",
    "TIME_PERIOD": "fact.time_period",
}
_ATTRIBUTES = {
    "VALUE_HIGH": "fact.value_high",
    "QUALIFIER": "fact.qualifier",
    "DISPUTED": "CASE WHEN fact.conflict THEN 'true' ELSE 'false' END",
    "PRINTED": "observation.printed",
    "SENTENCE": "observation.sentence",
    "SOURCE_URL": "bulletin.url",
    "SPAN_START": "observation.span_start",
    "SPAN_END": "observation.span_end",
    "PUBLISHED_ON": "bulletin.published_on",
}
#: Attributes in the words of a page, which a spreadsheet must not run; all others are ours.
_WORDS_OF_PAGES = ("PRINTED", "SENTENCE", "SOURCE_URL")
_TYPES = {
    "TIME_PERIOD": DataType.PERIOD,
    "VALUE_HIGH": DataType.DOUBLE,
    "OBS_VALUE": DataType.DOUBLE,
    "DISPUTED": DataType.BOOLEAN,
    "SPAN_START": DataType.INTEGER,
    "SPAN_END": DataType.INTEGER,
    "PUBLISHED_ON": DataType.DATE,
}
#: What each component is called.
_NAMES = {
    "REF_AREA": "地区 | Reference area",
    "INDICATOR": "指标 | Indicator",
    "AREA": "范围 | Part of the place",
    "STATUS": "状态 | Status: actual, target or the old value of a rise",
    "MEASURE_TYPE": "度量 | Level or change",
    "PERIOD": "时段类别 | Class of the period",
    "UNIT_MEASURE": "计量单位 | Unit of measure",
    "PAID_PER": "计发周期 | Period that is paid for",
    "TIME_PERIOD": "时期 | Time period",
    "OBS_VALUE": "值 | Observation value",
    "VALUE_HIGH": "区间上限 | Upper end of a range",
    "QUALIFIER": "确切程度 | Exact, approximate, at least, at most",
    "DISPUTED": "是否有分歧 | Whether bulletins disagree",
    "PRINTED": "原文所印 | What is printed",
    "SENTENCE": "原句 | Sentence",
    "SOURCE_URL": "出处网址 | Address of the source",
    "SPAN_START": "起点 | First character in the text of the page",
    "SPAN_END": "终点 | Character behind the last",
    "PUBLISHED_ON": "发布日期 | Day of publication",
}
#: Component -> the query that lists its codes.
_CODES = {
    "REF_AREA": "SELECT city_code, arg_max(full_name, valid_from) FROM dim_city"
    " WHERE city_code IS NOT NULL AND city_key IN (SELECT city_key FROM fact_indicator) GROUP BY city_code",
    "INDICATOR": "SELECT replace(indicator_key, ':', '__'), name_zh || ' | ' || name_en FROM dim_indicator"
    " WHERE catalogued AND indicator_key IN (SELECT indicator_key FROM fact_indicator)",
    **{
        component: f"SELECT coalesce(nullif(code, ''), '_Z'), name_zh || ' | ' || name_en FROM code_list WHERE list = '{name}'"
        for component, name in {
            "AREA": "area",
            "STATUS": "status",
            "MEASURE_TYPE": "measure",
            "PERIOD": "period",
            "UNIT_MEASURE": "unit",
            "PAID_PER": "per",
            "QUALIFIER": "qualifier",
        }.items()
    },
}


def data(time_period: str = _DIMENSIONS["TIME_PERIOD"]) -> str:
    """Return the query of the observations, in the columns of SDMX-CSV 2.0 and sorted by their key.

    Args:
        time_period: the expression of TIME_PERIOD; that of a release without exact periods is another.
    """
    words = {name: guarded(_ATTRIBUTES[name]) for name in _WORDS_OF_PAGES}
    expressions = _columns() | words | {"TIME_PERIOD": time_period}
    columns = ", ".join(f"{expression} AS {name}" for name, expression in expressions.items())
    return f"""
        SELECT 'dataflow' AS STRUCTURE, '{AGENCY}:{FLOW}({VERSION})' AS STRUCTURE_ID, 'I' AS ACTION, {columns}
        FROM fact_indicator AS fact
        JOIN dim_city AS city USING (city_key)
        JOIN dim_indicator AS indicator USING (indicator_key)
        JOIN fact_observation AS observation USING (observation_key)
        JOIN dim_bulletin AS bulletin ON bulletin.bulletin_key = observation.bulletin_key
        WHERE indicator.catalogued AND city.city_code IS NOT NULL
        ORDER BY fact.cell_key"""


def structure(connection: duckdb.DuckDBPyConnection) -> str:
    """Return dataflow, data structure, concepts and the code lists of what `data` holds, as SDMX-JSON 2.0."""
    lists = {
        name: Codelist(
            id=f"CL_{name}",
            name=_NAMES[name],
            agency=AGENCY,
            version=VERSION,
            items=[Code(id=str(code), name=told) for code, told in sorted(connection.execute(query).fetchall())],
        )
        for name, query in _CODES.items()
    }
    concepts = [
        Concept(
            id=name, name=_NAMES[name], dtype=_TYPES.get(name, DataType.STRING),
            codes=lists.get(name), enum_ref=_urn(f"codelist.Codelist={AGENCY}:CL_{name}({VERSION})") if name in lists else None,
        )
        for name in _columns()
    ]  # fmt: skip
    scheme = ConceptScheme(id="CS_MINZHENG", name="概念 | Concepts", agency=AGENCY, version=VERSION, items=concepts)
    roles = chain(
        ((name, Role.DIMENSION) for name in _DIMENSIONS),
        [("OBS_VALUE", Role.MEASURE)],
        ((name, Role.ATTRIBUTE) for name in _ATTRIBUTES),
    )
    components = Components(
        [
            Component(
                id=name,
                required=role is not Role.ATTRIBUTE or name in {"QUALIFIER", "SOURCE_URL"},
                role=role,
                concept=ItemReference("Concept", AGENCY, scheme.id, VERSION, name),
                local_dtype=_TYPES.get(name, DataType.STRING),
                local_codes=lists.get(name),
                attachment_level="O" if role is Role.ATTRIBUTE else None,
            )
            for name, role in roles
        ]
    )
    definition = DataStructureDefinition(
        id=f"DSD_{FLOW}",
        name="民政公报指标 | Civil-affairs indicators",
        agency=AGENCY,
        version=VERSION,
        components=components,
    )
    flow = Dataflow(
        id=FLOW, name="民政公报指标 | Civil-affairs indicators", agency=AGENCY, version=VERSION, structure=definition
    )
    # A fixed head: the same content is to give the same bytes.
    header = Header(id=FLOW, prepared=datetime(2000, 1, 1, tzinfo=UTC))
    message = json.loads(
        write_sdmx([scheme, *lists.values(), definition, flow], Format.STRUCTURE_SDMX_JSON_2_0_0, header=header) or ""
    )
    for written in message["data"]["dataStructures"]:
        # pysdmx writes an empty list of groups, which its own schema refuses.
        written["dataStructureComponents"].pop("groups", None)
    for kind, (artefact, item, items) in _KINDS.items():
        for maintained in message["data"][kind]:
            of = f"{AGENCY}:{maintained['id']}({VERSION})"
            _identified(maintained, f"{artefact}={of}")
            for each in maintained.get(items, ()):
                _identified(each, f"{item}={of}.{each['id']}")
    return json.dumps(message, ensure_ascii=False, indent=1) + "\n"


#: Member of a structure message -> class of what is in it, class of its items and where these are, as URNs and SDMX-JSON name them.
_KINDS = {
    "codelists": ("codelist.Codelist", "codelist.Code", "codes"),
    "conceptSchemes": ("conceptscheme.ConceptScheme", "conceptscheme.Concept", "concepts"),
    "dataStructures": ("datastructure.DataStructure", "", ""),
    "dataflows": ("datastructure.Dataflow", "", ""),
}


def _urn(name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{name}"


def _identified(written: dict[str, Any], urn: str) -> None:
    """Give what is written its URN, and its name by language: pysdmx writes neither."""
    zh, _, en = written["name"].partition(" | ")
    written["name"] = en or zh
    written["names"] = {"zh": zh, **({"en": en} if en else {})}
    written["links"] = [{"rel": "self", "urn": _urn(urn)}]


def _columns() -> dict[str, str]:
    return {**_DIMENSIONS, "OBS_VALUE": "fact.value", **_ATTRIBUTES}
