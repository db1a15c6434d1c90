// Where the dossiers of the bench come from. What that costs this process is counted apart.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "connectors/http_client.h"
#include "tests/support/ds_standin.h"

namespace aiguillage::bench {

// What a reading process tells the one that watches it, in memory that both see.
struct Told {
  std::atomic<std::int64_t> seen = 0;      // dossiers taken in
  std::atomic<std::int64_t> served = 0;    // dossiers given by DS, those read twice included
  std::atomic<double> played_s = 0;        // processor time that the bench itself took meanwhile
  std::atomic<double> began_s = 0;         // … that the process had used before it began to read
  std::atomic<std::int64_t> early_kb = 0;  // resident, at most in the first quarter of the reading
  std::atomic<std::int64_t> peak_kb = 0;
};

// Pages of a démarche that is as large as we like, made of one dossier of the project's own
// stand-in: each with a number, a title and an account of its own.
std::unique_ptr<connectors::HttpClient> Feed(test::DsStandIn& ds, std::int64_t dossiers,
                                             Told& told);
// Another process speaks for DS; attached files are taken out of what it says.
std::unique_ptr<connectors::HttpClient> WithoutFiles(Told& told);

}  // namespace aiguillage::bench
