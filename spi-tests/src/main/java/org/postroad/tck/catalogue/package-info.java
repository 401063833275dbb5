// SPDX-License-Identifier: Apache-2.0
/**
 * The requirements: {@link org.postroad.tck.catalogue.Catalogue} reads {@code requirements.tsv}, a
 * {@link org.postroad.tck.catalogue.Row} is one of them, and {@link org.postroad.tck.catalogue.RequirementsPage} makes
 * {@code REQUIREMENTS.md} of it.
 */
@NullMarked
package org.postroad.tck.catalogue;

import org.jspecify.annotations.NullMarked;
