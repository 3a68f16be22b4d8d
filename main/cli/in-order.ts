/**
 * Does work on items, `width` at a time, and yields the results in the order of the items.
 * `lanes` are what each piece of work needs to itself (an engine's stream): one for each that runs at a time.
 */
export async function* inOrder<Item, Lane, Result>(
  items: readonly Item[],
  lanes: readonly Lane[],
  work: (item: Item, lane: Lane) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const free = lanes.map((lane) => Promise.resolve(lane));
  const under: Promise<Result>[] = [];
  for (const item of items) {
    if (under.length >= lanes.length) {
      const first = under.shift();
      if (first) yield await first;
    }
    const lane = free.shift();
    if (!lane) throw new TypeError('in-order needs a lane');
    const done = lane.then((mine) => work(item, mine));
    // A lane is free again when its work ends, well or not.
    free.push(
      done.then(
        () => lane,
        () => lane,
      ),
    );
    done.catch(() => {});
    under.push(done);
  }
  for (const each of under) yield await each;
}
