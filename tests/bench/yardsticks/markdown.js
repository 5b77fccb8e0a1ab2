// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// node markdown.js whole|tokens LIBRARY FILE RUNS: reads the markdown of FILE with LIBRARY, RUNS times, and prints
// the best: MB/s for the whole text at once, or microseconds for a token of five characters, over the last tenth of
// the text after the rest has come as tokens, too. A library that has to read everything again for each token does
// so for ten tokens at the end.
import { readFileSync } from "node:fs";

const [mode, library, file, runs] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const tokenSize = 5;

const whole = {
    "markdown-it": async () => {
        const { default: MarkdownIt } = await import("markdown-it");
        const parser = new MarkdownIt({ linkify: true });
        return () => parser.render(text);
    },
    marked: async () => {
        const { marked } = await import("marked");
        return () => marked.parse(text);
    },
};

// Each gives a function that makes a consumer of tokens.
const tokens = {
    "streaming-markdown": async () => {
        const smd = await import("streaming-markdown");
        const ignore = () => {};
        const renderer = { data: {}, add_token: ignore, end_token: ignore, add_text: ignore, set_attr: ignore };
        return () => {
            const parser = smd.parser(renderer);
            return (token) => smd.parser_write(parser, token);
        };
    },
    incremark: async () => {
        const { createIncremarkParser } = await import("@incremark/core");
        return () => {
            const parser = createIncremarkParser({ gfm: true });
            return (token) => parser.append(token);
        };
    },
};

const again = {
    "remend and streamdown's splitter": async () => {
        const { default: remend } = await import("remend");
        const { parseMarkdownIntoBlocks } = await import("streamdown");
        return (upTo) => parseMarkdownIntoBlocks(remend(upTo));
    },
};

let best = mode === "whole" ? 0 : Infinity;
const timed = (work) => {
    const begin = process.cpuUsage();
    work();
    const used = process.cpuUsage(begin);
    return used.user + used.system;
};
if (mode === "whole") {
    const parse = await whole[library]();
    for (let run = 0; run < runs; ++run) best = Math.max(best, Buffer.byteLength(text) / timed(parse));
} else if (library in tokens) {
    const make = await tokens[library]();
    const from = Math.floor((text.length * 0.9) / tokenSize) * tokenSize;
    for (let run = 0; run < runs; ++run) {
        const consume = make();
        for (let at = 0; at < from; at += tokenSize) consume(text.slice(at, at + tokenSize));
        const used = timed(() => {
            for (let at = from; at < text.length; at += tokenSize) consume(text.slice(at, at + tokenSize));
        });
        best = Math.min(best, used / Math.ceil((text.length - from) / tokenSize));
    }
} else {
    const read = await again[library]();
    const count = 10;
    for (let run = 0; run < runs; ++run) {
        const used = timed(() => {
            for (let token = count; token > 0; --token) read(text.slice(0, text.length - token * tokenSize));
        });
        best = Math.min(best, used / count);
    }
}
console.log(best);
