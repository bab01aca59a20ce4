/** A call that carries it is the emulator's to answer: the data plane acts on records, not on what it says of itself. */
export const recordsHeader = 'x-gantry-records'
