"""A parent registers a child: one form, then the birth certificate's picture and the signature."""
