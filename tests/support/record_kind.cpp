#include "tests/support/record_kind.h"

#include <cstdlib>
#include <string>

namespace aiguillage::test {

Kind KindAsked() {
  const char* asked = std::getenv("TEST_RECORD");
  return asked != nullptr && std::string(asked) == "postgresql" ? Kind::kPostgresql : Kind::kSqlite;
}

}  // namespace aiguillage::test
