// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** Pages: text is escaped wherever it is. */
class HtmlPageTest {

    @Test
    void page_textIsEscapedInElementsAttributesAndTheTitle() {
        String page = new HtmlPage("<b>")
                .open("p", "title", "\" onclick='x'")
                .text("<script>&\u202e\u0000")
                .close()
                .toString();
        assertThat(page)
                .contains("<title>&lt;b&gt;</title>")
                .contains("<p title=\"&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;\ufffd\ufffd</p>");
    }

    @Test
    void page_loadsNothing() {
        assertThat(new HtmlPage("t").toString())
                .contains("default-src 'none'")
                .doesNotContain("<script", "<link", "src=", "url(", "@import");
    }

    @Test
    void page_elementsMustBeClosed() {
        HtmlPage page = new HtmlPage("t").open("p");
        assertThatIllegalStateException().isThrownBy(page::toString).withMessage("The element p is not closed");
    }
}
