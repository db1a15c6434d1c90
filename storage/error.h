// Trouble of the record, told apart once here so that nobody else reads database codes.
// Texts never carry bound values (they may be personal data): SOCI's own text does.
#pragma once

#include <stdexcept>
#include <string>

namespace aiguillage::storage {

// The record cannot answer now: disk full, locked, connection lost. Retry or say « un instant ».
class Trouble : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The database broke off: it restarts, closed the connection or ended a deadlock. Nothing was wrong
// with the work; the record runs it again from its start before anybody hears of this.
class Interrupted : public Trouble {
 public:
  using Trouble::Trouble;
};

// A uniqueness or foreign-key rule said no: the one failure that callers may expect.
class Conflict : public Trouble {
 public:
  using Trouble::Trouble;
};

}  // namespace aiguillage::storage
