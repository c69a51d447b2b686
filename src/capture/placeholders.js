/** Tags of what stands in encoded data for a function or object of the graph, and for a value of the layers above. */
export const LINK_TAG = 'link';
export const KNOWN_TAG = 'known';
//# sourceMappingURL=placeholders.js.map
