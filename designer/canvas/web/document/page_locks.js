/**
 * Locks of the browser that tell which pages are open: one is held until its page is gone, however
 * that ends. Pages that are no secure context have none.
 */

/** @param {string} name @returns {Promise<boolean>} whether it is ours; always where there are no locks */
export function hold(name) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

/** The names of those that pages hold. @returns {Promise<Set<string | undefined>>} */
export async function heldNames() {
  const locks = await globalThis.navigator?.locks?.query();
  return new Set(locks?.held?.map((lock) => lock.name));
}
