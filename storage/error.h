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

// A uniqueness or foreign-key rule said no: the one failure that callers may expect.
class Conflict : public Trouble {
 public:
  using Trouble::Trouble;
};

}  // namespace aiguillage::storage
