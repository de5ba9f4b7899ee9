import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/value/json.ts";
import { renderTemplate } from "../../../src/core/value/template/render.ts";

const render = (text: string, data: Json = {}): string => {
  const result = renderTemplate(text, data);
  return result.ok ? result.value : `refused: ${result.error.message}`;
};

describe("Go text/template", () => {
  it.each<[string, Json, string]>([
    ["a {{- 3 -}} b", {}, "a3b"], ["{{/* note */}}x{{- /* y */ -}} z", {}, "xz"],
    ["{{ .x }}", { x: [1, 2.5, "a", null] }, "[1 2.5 a <nil>]"], ["{{ . }}", { b: 1, a: null }, "map[a:<nil> b:1]"], ["{{ .n }}", { n: null }, "<no value>"],
    ["{{ .f }} {{ .g }}", { f: 0.00001, g: 1234567.5 }, "1e-05 1.2345675e+06"],
    ["{{if .a}}y{{else if .b}}z{{else}}n{{end}}", { a: 0, b: "x" }, "z"], ["{{with .x}}{{.y}}{{else}}none{{end}}", { x: {} }, "none"],
    ["{{range $i, $e := .l}}{{if $i}},{{end}}{{$e}}{{end}}", { l: ["a", "b"] }, "a,b"], ["{{range .m}}{{.}}{{end}}", { m: { b: 2, a: 1 } }, "12"],
    ["{{range .l}}{{if eq . 2}}{{continue}}{{end}}{{if eq . 4}}{{break}}{{end}}{{.}}{{end}}", { l: [1, 2, 3, 4, 5] }, "13"], ["{{range .l}}x{{else}}none{{end}}", { l: [] }, "none"],
    ['{{define "t"}}[{{.}}]{{end}}{{template "t" .a}}', { a: 1 }, "[1]"], ['{{block "b" .a}}<{{.}}>{{end}}', { a: 1 }, "<1>"],
    ["{{ $x := 1 }}{{range 3}}{{ $x = add $x 1 }}{{end}}{{$x}}", {}, "4"], ["{{ (index .l 1).k }}", { l: [{}, { k: "v" }] }, "v"],
    ["{{ and .a .b }} {{ or .a .b }} {{ not .a }}", { a: 1, b: 0 }, "0 1 false"], ["{{ len .s }} {{ slice .s 1 2 }}", { s: "abc" }, "3 b"],
    ["{{ eq .n 1 2 }} {{ ne .s \"a\" }} {{ lt .n 3 }} {{ ge .n 2 }}", { n: 2, s: "b" }, "true true true true"],
    ['{{ printf "%05d|%-4s|%q|%.2f|%v|%x|%%" 42 "x" "a\\n" 1.5 .n 255 }}', { n: 7 }, '00042|x   |"a\\n"|1.50|7|ff|%'],
    ["{{ print 1 2 \"x\" 3 }}", {}, "1 2x3"], ["{{ println 1 \"x\" }}", {}, "1 x\n"], ['{{ html "<a>" }} {{ urlquery "a b&" }} {{ js "it\'s" }}', {}, "&lt;a&gt; a+b%26 it\\'s"],
    ['{{ "a" | upper | printf "%s-%s" "x" }}', {}, "x-A"], ["{{ `raw\\n` }}", {}, "raw\\n"], ["{{ 'a' }} {{ 0x10 }} {{ 1e3 }}", {}, "97 16 1000"],
  ])("%s", (text, data, expected) => {
    expect(render(text, data)).toBe(expected);
  });
  it.each<[string, Json, string]>([
    ["{{ .b }}", { a: 1 }, 'map has no entry for key "b"'], ["{{ if .b }}{{ end }}", {}, "no entry"], ["{{ .n.x }}", { n: null }, "nil data"],
    ["{{ nope 1 }}", {}, 'function "nope" not defined'], ["{{ if }}", {}, "missing value for if"], ["{{ end }}", {}, "unexpected {{end}}"], ["{{ .a", {}, "unclosed action"],
    ["{{ range .a }}", { a: [] }, "unexpected EOF"], ["{{ index .l 5 }}", { l: [1] }, "out of range"], ["{{ lt .s 1 }}", { s: "a" }, "incompatible types"], ["{{ $y }}", {}, "undefined variable"],
    ["{{ add .n 1 }}", { n: 1 }, "expected int; got uint64"], ["{{ upper 1 }}", {}, "expected string"], ["{{ upper }}", {}, "wrong number of args"],
    ['{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}', {}, "maximum template depth"], ["{{range 9999999}}{{end}}", {}, "does more than"],
    [`${"{{if 1}}".repeat(200)}`, {}, "nested deeper"], ['{{ repeat 99999999 "x" }}', {}, "out of range"],
  ])("refuses %s", (text, data, reason) => {
    expect(render(text, data)).toMatch(/^refused: template: /);
    expect(render(text, data)).toContain(reason);
  });
});

describe("functions", () => {
  it.each<[string, Json, string]>([
    ['[{{ .a | default "d" }}] [{{ .z | default 9 }}] [{{ .l | default "none" }}] [{{ .n | default "nil" }}]', { a: "", z: 0, l: [], n: null }, "[d] [9] [none] [nil]"],
    ['{{ join "," .l }} {{ split "," "a,b" }} {{ count .l }}', { l: ["x", "y"] }, "x,y [a b] 2"], ['{{ "  Mixed " | trim | lower }}', {}, "mixed"],
    ['{{ trimSuffix ".go" "a.go" }} {{ replace "a" "b" "aa" }} {{ trunc 2 "abc" }} {{ trunc -2 "abc" }} {{ substr 1 2 "abc" }}', {}, "a bb ab bc b"],
    ['{{ dict "a" 1 | toJson }} {{ list 1 2 | last }} {{ list 3 1 | reverse }} {{ until 3 }} {{ seq 1 3 }}', {}, '{"a":1} 2 [1 3] [0 1 2] 1 2 3'],
    ['{{ json .m }}', { m: { b: "<&>", a: [1] } }, '{"a":[1],"b":"\\u003c\\u0026\\u003e"}'], ['{{ fromJson "[1,2]" | len }}', {}, "2"], ['{{ $d := dict }}{{ $_ := set $d "k" "v" }}{{ $d.k }}', {}, "v"],
    ['{{ quote "a" 1 }} {{ squote "a" }} {{ cat 1 "b" }}', {}, '"a" "1" \'a\' 1 b'], ['{{ indent 2 "a\\nb" }}', {}, "  a\n  b"], ['{{ b64enc "hé" }} {{ b64dec "aMOp" }}', {}, "aMOp hé"],
    ['{{ regexMatch "^a+$" "aa" }} {{ regexReplaceAll "(a)(b)" "xab" "${2}$1" }} {{ regexFindAll "a." "abac" -1 }}', {}, "true xba [ab ac]"],
    ["{{ ternary 1 2 true }} {{ max 1 3 2 }} {{ div 7 2 }} {{ mod 7 2 }} {{ sub 1 3 }} {{ round 2.456 2 }}", {}, "1 3 3 1 -2 2.46"],
    ['{{ hasKey .m "a" }} {{ keys .m }} {{ pick .m "a" }} {{ dig "x" "y" "none" .m }}', { m: { a: 1, b: 2 } }, "true [a b] map[a:1] none"],
    ['{{ typeOf .n }} {{ kindOf .l }} {{ empty "" }} {{ coalesce "" 0 "x" }} {{ base "/a/b.txt" }} {{ ext "b.txt" }} {{ dir "/a/b" }}', { n: 1, l: [] }, "uint64 slice true x b.txt .txt /a"],
  ])("%s", (text, data, expected) => {
    expect(render(text, data)).toBe(expected);
  });
});
