// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// node commonmark.js: reads texts from standard input, each as its size in bytes on a line of its own and then its
// bytes, and writes the HTML of each in the same form.
import { readFileSync, writeSync } from "node:fs";
import { HtmlRenderer, Parser } from "commonmark";

const parser = new Parser();
const renderer = new HtmlRenderer();
const input = readFileSync(0);
const output = [];
for (let at = 0; at < input.length; ) {
    const end = input.indexOf(10, at);
    const size = Number(input.subarray(at, end).toString());
    const html = Buffer.from(renderer.render(parser.parse(input.subarray(end + 1, end + 1 + size).toString())));
    output.push(Buffer.from(`${html.length}\n`), html);
    at = end + 1 + size;
}
const all = Buffer.concat(output);
for (let at = 0; at < all.length; ) at += writeSync(1, all, at);
