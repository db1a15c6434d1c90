#include "connectors/md5.h"

#include <gtest/gtest.h>

namespace aiguillage::connectors {
namespace {

std::string Of(const std::string& text, std::size_t piece = 7) {
  Md5 sum;
  for (std::size_t at = 0; at < text.size(); at += piece) sum.Add(text.substr(at, piece));
  return sum.Base64();
}

TEST(Md5, AgreesWithTheRfc) {
  EXPECT_EQ(Of(""), "1B2M2Y8AsgTpgAmY7PhCfg==");
  EXPECT_EQ(Of("abc"), "kAFQmDzST7DWlj99KOF/cg==");
  EXPECT_EQ(Of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
            "0XSrmNJ32fWlYRwsn0Gdnw==");
}

TEST(Md5, DoesNotDependOnThePieces) {
  for (std::size_t size : {55U, 56U, 57U, 63U, 64U, 65U, 1000U}) {
    EXPECT_EQ(Of(std::string(size, 'x'), 1), Of(std::string(size, 'x'), 1000)) << size;
  }
}

}  // namespace
}  // namespace aiguillage::connectors
