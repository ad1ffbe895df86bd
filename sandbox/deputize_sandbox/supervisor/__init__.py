"""Outside the wall: starts, feeds and ends guests, and believes none of their bytes."""
