// Builds the two browser scripts into dist/, or, with the argument "tests", the tests and their tools into .tests/.
import { build } from "esbuild";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";

const browser = {
  entryPoints: { kep: "src/page.ts", "kep-worker": "src/worker.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  charset: "utf8",
  legalComments: "none",
};

const tests = {
  entryPoints: readdirSync("test")
    .filter((name) => /(\.test|measure|write-keys)\.ts$/.test(name))
    .map((name) => `test/${name}`),
  outdir: ".tests",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
};

const wanted = process.argv[2] === "tests" ? tests : browser;
rmSync(wanted.outdir, { recursive: true, force: true });
await build(wanted);
if (wanted === browser) {
  for (const name of Object.keys(browser.entryPoints)) {
    const script = readFileSync(`dist/${name}.js`);
    console.log(`dist/${name}.js  ${script.length} bytes, ${gzipSync(script, { level: 9 }).length} gzip`);
  }
}
