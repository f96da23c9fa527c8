/** Where the programs are that tests start as processes of their own. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What Node is to be given to start the program whose source is that file, e.g. `src/main.ts`, with the path
 * relative to the project's folder: the bundle where the test command has made them, else the module itself,
 * compiled as this one is or not.
 */
export function programArguments(source: string): string[] {
  const compiled = source.replace(/\.ts$/, '.js');
  const bundles = process.env['BUNDLED_PROGRAMS'];
  if (bundles !== undefined) return ['--enable-source-maps', join(bundles, compiled)];
  const here = fileURLToPath(import.meta.url);
  const project = join(here, '../../..');
  if (here.endsWith('.js')) return ['--enable-source-maps', join(project, compiled)];
  return ['--import', import.meta.resolve('tsx'), join(project, source)];
}
