/** What the clients and servers of the tests need of a test, for what is measured and is none. */
import type { TestContext } from 'node:test';

/** Runs something with a context, and closes all that was opened in it. */
export async function withContext<T>(measure: (t: TestContext) => Promise<T>): Promise<T> {
  const closing: (() => unknown)[] = [];
  const context: Pick<TestContext, 'after'> = {
    after(close) {
      if (close) closing.push(close as () => unknown);
    },
  };
  try {
    return await measure(context as TestContext);
  } finally {
    // What was opened last may need what was opened before it.
    for (const close of closing.reverse()) await close();
  }
}
