// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// node eventsource.js FILE PIECE SECONDS [json]: reads the events of FILE in pieces of PIECE bytes, again and again
// for SECONDS, and prints the most it came to: events a second. With "json" each event's data is parsed, too.
import { readFileSync } from "node:fs";
import { createParser } from "eventsource-parser";

const [file, piece, seconds, json] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const size = Number(piece);
const pieces = [];
for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));

let best = 0;
const end = performance.now() + Number(seconds) * 1000;
do {
    let events = 0;
    const parser = createParser({
        onEvent: (event) => {
            events += json ? (JSON.parse(event.data) ? 1 : 0) : 1;
        },
    });
    const begin = performance.now();
    for (const part of pieces) parser.feed(part);
    best = Math.max(best, (events * 1000) / (performance.now() - begin));
} while (performance.now() < end);
console.log(best);
