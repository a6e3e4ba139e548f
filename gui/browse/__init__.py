"""The parts of the Collections page: tree, query, a page of documents, their origin."""
