/**
 * Bundles the compiled programs that many tests start, each with all its modules in a few files.
 * A bundle starts in less than half the processor time, and starting was the most part of what a story cost.
 * The tests of `test/ops` and the newcomer's story start the program as it is shipped.
 */
import { fileURLToPath } from 'node:url';

const compiled = fileURLToPath(new URL('../../dist', import.meta.url));
/** Packages in CommonJS ask for Node's own modules by `require`. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Makes the bundles; the folder that they are in, for `BUNDLED_PROGRAMS` (test/support/programs.ts). */
export async function bundled() {
  // Only now are the packages sure to be there.
  const { build } = await import('esbuild');
  const outdir = `${compiled}/bundled`;
  await build({
    entryPoints: ['src/main.js', 'test/peers/embedded-main.js', 'test/support/client/main.js'],
    absWorkingDir: compiled,
    outbase: '.',
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  return outdir;
}
