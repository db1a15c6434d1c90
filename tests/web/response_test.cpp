// Answers: one line a header, our own addresses only, the security headers on all.
#include "web/response.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace aiguillage::web {

TEST(Header, NeverHoldsALineEnd) {
  Response response;
  for (const auto& value : std::vector<std::string>{"a\r\nX: 1", "a\nb", {"a\0b", 3}, "a\x7f"}) {
    EXPECT_THROW(response.Header("X-Test", value), std::invalid_argument);
    EXPECT_THROW(response.Header(value, "x"), std::invalid_argument);
  }
  for (const char* value : {"a b", "a;c", "a\"", "a\r\nb", "é"}) {
    EXPECT_THROW(response.Cookie("session", value), std::invalid_argument) << value;
  }
  response.Header("X-Test", "un").Header("x-test", "deux");
  ASSERT_NE(response.FindHeader("X-TEST"), nullptr);
  EXPECT_EQ(*response.FindHeader("X-TEST"), "deux");
  EXPECT_EQ(response.headers.size(), 1u);
}

TEST(Cookie, IsOfThisHostAndOutOfReachOfScripts) {
  Response response;
  response.Cookie("session", "abc").Cookie("visite", "", 0);
  EXPECT_EQ(response.cookies[0], "__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
  EXPECT_EQ(response.cookies[1],
            "__Host-visite=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST(Redirect, StaysHere) {
  EXPECT_EQ(OwnPath("/projets?q=a%20b"), "/projets?q=a%20b");
  for (const char* path : {"//evil.example", "/\\evil.example", "https://evil.example", "",
                           "projets", "/a b", "/a\r\nX: 1", "/é", "javascript:alert(1)", "/a\\b"}) {
    EXPECT_EQ(OwnPath(path), "/") << path;
  }
  EXPECT_EQ(*SeeOther("//evil").FindHeader("Location"), "/");
}

TEST(Attachment, NamesAnyFileSafely) {
  EXPECT_EQ(AttachmentOf("../../é\"t.pdf"),
            "attachment; filename=\".._..____t.pdf\"; filename*=UTF-8''..%2F..%2F%C3%A9%22t.pdf");
}

TEST(Secure, SaysHstsOnlyUnderHttps) {
  Response plain, tls;
  Secure(plain, false);
  Secure(tls, true);
  EXPECT_EQ(plain.FindHeader("Strict-Transport-Security"), nullptr);
  EXPECT_NE(tls.FindHeader("Strict-Transport-Security"), nullptr);
  EXPECT_EQ(*plain.FindHeader("Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; "
            "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
}

}  // namespace aiguillage::web
