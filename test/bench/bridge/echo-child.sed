# The smallest stdio server with an echo tool: about 1 MB, so that hundreds of sessions fit.
/"method":"initialize"/{
  s/.*"id":\([^,}]*\).*/{"jsonrpc":"2.0","id":\1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"sed","version":"1"}}}/p
  d
}
/"method":"tools\/call"/{
  h
  s/.*"message":"\([^"]*\)".*/\1/
  x
  s/.*"id":\([^,}]*\).*/{"jsonrpc":"2.0","id":\1,"result":{"content":[{"type":"text","text":"Echo: /
  G
  s/\n\(.*\)/\1"}]}}/p
  d
}
s/.*"id":\([^,}]*\).*/{"jsonrpc":"2.0","id":\1,"result":{}}/p
