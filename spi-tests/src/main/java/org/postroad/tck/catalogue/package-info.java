// SPDX-License-Identifier: Apache-2.0
/**
 * The requirements: {@link org.postroad.tck.catalogue.Catalogue} parses {@code requirements.tsv}, a
 * {@link org.postroad.tck.catalogue.Row} is one requirement, and {@link org.postroad.tck.catalogue.RequirementsPage} generates
 * {@code REQUIREMENTS.md}.
 */
@NullMarked
package org.postroad.tck.catalogue;

import org.jspecify.annotations.NullMarked;
