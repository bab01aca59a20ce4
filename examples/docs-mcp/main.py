"""A whole MCP server without dependencies: it lists the documents beside it and reads them."""

import json
import os
import pathlib
import sys

documents = pathlib.Path(os.environ["DOCS_DIRECTORY"])


def names(_arguments):
    return "\n".join(sorted(path.name for path in documents.iterdir()))


def read(arguments):
    path = documents / pathlib.PurePath(arguments["name"]).name
    return path.read_text(encoding="utf-8")


tools = {
    "list_documents": {
        "call": names,
        "description": "The names of all documents",
        "inputSchema": {"type": "object", "properties": {}},
    },
    "read_document": {
        "call": read,
        "description": "The text of one document",
        "inputSchema": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
        },
    },
}


def initialize(params):
    return {
        "protocolVersion": params["protocolVersion"],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "docs-mcp", "version": "1.0.0"},
    }


def list_tools(_params):
    return {"tools": [{"name": name, **{key: tool[key] for key in ("description", "inputSchema")}} for name, tool in tools.items()]}


def call_tool(params):
    try:
        text, failed = tools[params["name"]]["call"](params.get("arguments") or {}), False
    except (KeyError, OSError) as error:
        text, failed = f"{type(error).__name__}: {error}", True
    return {"content": [{"type": "text", "text": text}], "isError": failed}


methods = {"initialize": initialize, "ping": lambda _params: {}, "tools/list": list_tools, "tools/call": call_tool}

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message or "method" not in message:
        continue
    method = methods.get(message["method"])
    answer = {"result": method(message.get("params") or {})} if method else {"error": {"code": -32601, "message": "Method not found"}}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer}), flush=True)
