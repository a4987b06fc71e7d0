// Azurite's Blob service, for as long as whoever started it lives: it ends when its standard input does, however the other process ended.
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0)).resume();
require("azurite/dist/src/blob/main.js");
