"""How the emulator remembers: a snapshot of moto's backends and a journal of the writes since, in one directory."""
